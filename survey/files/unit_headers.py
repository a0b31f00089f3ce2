"""The headers that offices give the columns of their tables, as lists to look things up in."""

from collections.abc import Mapping

from survey.messages import N_
from survey.units import UnitKind, UnitStatus

UNIT_STATUS_NAMES: Mapping[UnitStatus, str] = {
    UnitStatus.OWNED: N_("自住"),
    UnitStatus.RENTED: N_("出租"),
    UnitStatus.VACANT: N_("空置"),
    UnitStatus.COMMERCIAL: N_("商用"),
    UnitStatus.DEMOLISHED: N_("拆除"),
    UnitStatus.UNKNOWN: N_("未填"),
}
#: What a field is called where somebody chooses one.
FIELD_NAMES: Mapping[str, str] = {
    "area": N_("区划代码"),
    "community": N_("社区或村的名称"),
    "street": N_("街道或乡镇"),
    "grid": N_("网格编号"),
    "estate": N_("小区名称"),
    "building": N_("楼栋号"),
    "entrance": N_("单元号"),
    "floor": N_("楼层"),
    "room": N_("房号"),
    "group": N_("村民小组"),
    "serial": N_("户号"),
    "location": N_("地址或位置描述"),
    "date": N_("日期"),
    "number": N_("编号或流水号"),
    "department": N_("承办单位"),
    "matter": N_("事项"),
    "window": N_("窗口"),
    "school": N_("学校"),
    "grade": N_("年级"),
    "class": N_("班级"),
    "site_type": N_("点位类型"),
    "site": N_("点位名称"),
    "status": N_("房屋状态"),
    "use": N_("房屋用途"),
    "residents": N_("常住人口数"),
}

#: Field -> its headers, parted by blanks, the best first; the first one heads the column of an export.
EVERYWHERE: Mapping[str, str] = {
    "area": "区划代码 统计用区划代码 社区代码 村代码 村(居)代码 村居代码 行政区划代码 社区编码 社区编号 村编码 "
    "地区代码 区域代码 area area_code",
    "community": "社区 社区名称 村 村名 村名称 村(居)委会 村居委会 居委会 村委会 村(社区) 社区(村) 村/社区 "
    "社区/村 村居 所属社区 所在社区 社区(村)名称 村(居)名称 行政村 居(村)委会 community",
    "street": "街道 街道名称 镇街 乡镇 镇 乡镇(街道) 街道(乡镇) 乡镇街道 街道(镇) 镇(街道) 所属街道 所在街道 "
    "街道办 街道办事处 street",
    "grid": "网格编号 网格号 网格代码 网格编码 网格 所属网格 所在网格 网格名称 grid",
}
_PEOPLE: Mapping[str, str] = {
    "status": "房屋状态 居住状态 房屋使用状态 使用状态 入住状态 居住情况 房屋使用情况 房屋情况 状态 status",
    "use": "房屋用途 用途 使用性质 房屋性质 use",
    "residents": "常住人口数 常住人口 常住人数 人口数 人口 实有人口 实有人口数 实际居住人数 居住人数 家庭人口 "
    "家庭人口数 户内人口 人数 residents",
}
OF_KIND: Mapping[UnitKind, Mapping[str, str]] = {
    UnitKind.DWELLING: {
        "estate": "小区名称 小区 楼盘 楼盘名称 小区/楼盘 小区楼盘 小区(楼盘)名称 院落 院落名称 estate",
        "building": "楼栋号 楼号 楼栋 栋号 幢号 幢 栋 座 座号 楼 楼幢号 楼幢 栋(幢)号 幢(栋)号 楼(栋)号 building",
        "entrance": "单元号 单元 梯 梯号 梯位 门洞 单元(梯) 单元/梯 entrance",
        "floor": "楼层 层 楼层号 所在楼层 所在层 floor",
        "room": "房号 室 室号 房间号 房屋号 户室号 房门号 门牌号 门牌 户号 房号(室) 房间 room",
        **_PEOPLE,
    },
    UnitKind.VILLAGE_HOUSEHOLD: {
        "group": "村民小组 组 小组 组别 村组 所在小组 自然村 屯 屯(组) 生产队 group",
        "serial": "户号 户编号 住户编号 门牌号 序号 serial",
        "location": "位置描述 位置 住址 地址 详细地址 家庭住址 居住地址 住房位置 location",
        **_PEOPLE,
    },
    UnitKind.WORK_ORDER: {
        "date": "受理日期 受理时间 日期 时间 来电时间 登记时间 登记日期 date",
        "number": "工单编号 工单号 受理编号 受理单号 事件编号 编号 number",
        "department": "承办单位 承办部门 责任单位 办理单位 主办单位 department",
        "matter": "事项 事项名称 事项类别 诉求类别 诉求类型 问题类别 类别 matter",
    },
    UnitKind.WINDOW_TRANSACTION: {
        "date": "办理日期 办理时间 日期 受理日期 受理时间 时间 date",
        "number": "流水号 业务流水号 办件编号 办件号 业务编号 编号 number",
        "window": "窗口 窗口号 窗口名称 办理窗口 大厅窗口 window",
        "matter": "事项 事项名称 办理事项 业务名称 业务类型 matter",
    },
    UnitKind.SCHOOL_CLASS: {
        "school": "学校 学校名称 校名 school",
        "grade": "年级 grade",
        "class": "班级 班 班级名称 class",
    },
    UnitKind.SITE: {
        "site_type": "点位类型 点位类别 类型 类别 场所类型 site_type",
        "site": "点位名称 点位 名称 场所名称 site",
        "location": "地址 详细地址 位置 点位地址 位置描述 location",
    },
}
#: Of these one has to be there, besides the community.
NEEDED: Mapping[UnitKind, tuple[str, ...]] = {
    UnitKind.DWELLING: ("room", "building"),
    UnitKind.VILLAGE_HOUSEHOLD: ("serial", "location"),
    UnitKind.WORK_ORDER: ("number",),
    UnitKind.WINDOW_TRANSACTION: ("number",),
    UnitKind.SCHOOL_CLASS: ("class",),
    UnitKind.SITE: ("site", "location"),
}
_LEFT_OUT = (
    "序号 编号 行号 备注 说明 物业类型 物业 物业公司 物业管理 物业名称 省 市 县 区 区县 县区 市县 县(市、区) "
    "县(市,区) 县(市区) 省份 城市 面积 建筑面积 房屋面积 户型 房型 建成年代 建成年份 总层数 层数 总户数 户数 经度 "
    "纬度 坐标 填表日期 填报日期 采集时间 采集日期 更新时间 更新日期 录入时间 数据来源 办结时间 办结日期 办理结果 "
    "诉求内容 内容 来源 渠道 状态 学生数 学生人数 班级人数 人数 城乡分类 城乡分类代码"
)
#: Columns that say nothing a frame needs: left out without asking.
HARMLESS = frozenset(_LEFT_OUT.split())
