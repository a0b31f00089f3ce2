"""An invented wave, so that a newcomer has something to look at: made up throughout and watermarked 虚构数据."""
