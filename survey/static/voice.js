/* Reads questions aloud with a voice that the phone itself has (none that sends the text elsewhere). Without one, as
   in WeChat, no button appears. */
(function () {
  "use strict";
  var speech = window.speechSynthesis, form = document.querySelector("form[data-read]");
  if (!speech || !window.SpeechSynthesisUtterance || !form) return;
  var tag = document.documentElement.lang.split("-")[0], made = false, reading = null;

  function voice() {
    return speech.getVoices().filter(function (one) {
      return one.localService && one.lang.toLowerCase().split(/[-_]/)[0] === tag;
    })[0];
  }

  function words(question) {
    return [].slice.call(question.querySelectorAll("legend, label, .govuk-hint, .govuk-error-message, .question__again"))
      .filter(function (one) { return one.offsetParent; })
      .map(function (one) { return one.textContent.trim(); }).join("。\n");
  }

  function stop() {
    speech.cancel();
    if (reading) reading.textContent = form.dataset.read;
    reading = null;
  }

  function begin() {
    if (made || !voice()) return;
    made = true;
    [].forEach.call(form.querySelectorAll(".question"), function (question) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "resident__voice";
      button.textContent = form.dataset.read;
      button.onclick = function () {
        var again = reading === button;
        stop();
        if (again) return;
        var said = new SpeechSynthesisUtterance(words(question));
        said.voice = voice();
        said.lang = said.voice.lang;
        said.onend = function () { if (reading === button) stop(); };
        reading = button;
        button.textContent = form.dataset.stop;
        speech.speak(said);
      };
      question.insertBefore(button, question.firstChild);
    });
  }

  begin();
  speech.onvoiceschanged = begin;
  window.addEventListener("pagehide", stop);
})();
