/* Small comforts. Every page works without this file. */
(function () {
  "use strict";
  var me = document.currentScript;
  var root = document.documentElement;

  function each(selector, within, act) {
    Array.prototype.forEach.call((within || document).querySelectorAll(selector), act);
  }

  function setUpThemeSwitch(box) {
    var buttons = box.querySelectorAll("button");
    function show() {
      var now = root.getAttribute("data-bs-theme") || "auto";
      each("button", box, function (button) {
        button.setAttribute("aria-pressed", String(button.value === now));
      });
    }
    Array.prototype.forEach.call(buttons, function (button) {
      button.addEventListener("click", function () {
        try {
          if (button.value === "auto") localStorage.removeItem("nc-theme");
          else localStorage.setItem("nc-theme", button.value);
        } catch (error) { /* storage refused: holds for this page */ }
        if (button.value === "auto") root.removeAttribute("data-bs-theme");
        else root.setAttribute("data-bs-theme", button.value);
        show();
      });
    });
    box.hidden = false;
    show();
  }

  function addCloseButton(alert) {
    if (alert.querySelector(".nc-close")) return;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "nc-close";
    button.setAttribute("aria-label", alert.dataset.closable);
    button.textContent = "×";
    button.addEventListener("click", function () { alert.remove(); });
    alert.appendChild(button);
  }

  function warnOnceOnSubmit(form) {
    form.addEventListener("submit", function () {
      var button = form.querySelector("button[type=submit]");
      if (!button) return;
      setTimeout(function () { button.disabled = true; }, 0);
      setTimeout(function () { button.disabled = false; }, 8000);
    });
  }

  function openDialog(button) {
    var dialog = document.getElementById(button.dataset.dialog);
    if (!dialog || !dialog.showModal) return;
    button.addEventListener("click", function (event) {
      event.preventDefault();
      dialog.showModal();
    });
  }

  function copyOnClick(button) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(button.dataset.copy).then(function () {
        document.getElementById("live").textContent = button.dataset.copied || "";
        button.classList.add("nc-copied");
      });
    });
  }

  /* Pickers: <select data-picker>. The library is fetched only on pages that have one. */
  var pickerAsked = false;
  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  }
  function buildPickers() {
    each("select[data-picker]", document, function (select) {
      if (select.tomselect) return;
      select.setAttribute("aria-hidden", "true"); // its label goes to the picker
      new window.TomSelect(select, {
        plugins: [], maxOptions: 500, diacritics: true, hideSelected: false,
        placeholder: select.dataset.placeholder || "",
        score: function (search) {
          var words = fold(search).split(/\s+/);
          return function (item) {
            var text = fold(item.text || "");
            return words.every(function (word) { return text.indexOf(word) >= 0; }) ? 1 : 0;
          };
        }
      });
    });
  }
  function askForPickers() {
    if (!document.querySelector("select[data-picker]")) return;
    if (window.TomSelect) { buildPickers(); return; }
    if (pickerAsked || !me) return;
    pickerAsked = true;
    var style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = me.dataset.pickerCss;
    document.head.appendChild(style);
    var script = document.createElement("script");
    script.src = me.dataset.pickerJs;
    script.onload = buildPickers;
    document.head.appendChild(script);
  }

  /* Kinds a product's name may be: a button puts its kind into the list. A sure one is put there
     by itself as long as the person has not chosen. */
  function choose(select, value) {
    if (select.tomselect) select.tomselect.setValue(value);
    else select.value = value;
  }
  function takeProposalBack(mark) {
    var select = document.getElementById(mark.dataset.pickReset);
    if (!select || !select.dataset.proposed || select.value !== select.dataset.proposed) return;
    delete select.dataset.proposed;
    choose(select, "");
  }
  function offerPick(button) {
    var select = document.getElementById(button.dataset.pickFor);
    if (!select) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      select.dataset.chosen = "1";
      delete select.dataset.proposed;
      choose(select, button.dataset.pick);
    });
    if (!("pickFirst" in button.dataset) || select.dataset.chosen) return;
    if (select.value && select.value !== select.dataset.proposed) return;
    select.dataset.proposed = button.dataset.pick;
    choose(select, button.dataset.pick);
  }

  /* Days are typed in words too, so the line stays text; the calendar is offered beside it. */
  function addCalendar(line) {
    if (!HTMLInputElement.prototype.showPicker || line.closest(".nc-day")) return;
    var box = document.createElement("span");
    var picker = document.createElement("input");
    var button = document.createElement("button");
    box.className = line.classList.contains("is-invalid") ? "nc-day is-invalid" : "nc-day";
    picker.type = "date";
    picker.className = "nc-day-picker";
    picker.tabIndex = -1;
    picker.setAttribute("aria-hidden", "true");
    button.type = "button";
    button.className = "nc-day-button";
    button.setAttribute("aria-label", line.dataset.day);
    button.title = line.dataset.day;
    line.before(box);
    box.append(line, picker, button);
    button.addEventListener("click", function () {
      var typed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(line.value.trim());
      if (typed) picker.value = typed[3] + "-" + typed[2].padStart(2, "0") + "-" + typed[1].padStart(2, "0");
      picker.showPicker();
    });
    picker.addEventListener("change", function () {
      if (!picker.value) return;
      line.value = picker.value.split("-").reverse().join("/");
      line.dispatchEvent(new Event("input", { bubbles: true }));
      line.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function checkAll(box) {
    var rows = box.form.querySelectorAll("input[name=" + box.dataset.checkAll + "]");
    box.hidden = !rows.length;
    box.addEventListener("change", function () {
      Array.prototype.forEach.call(rows, function (row) { row.checked = box.checked; });
    });
  }

  function setUp(within) {
    each("input[data-day]", within, addCalendar);
    each("[data-theme-switch]", within, setUpThemeSwitch);
    each("[data-closable]", within, addCloseButton);
    each("form[data-once]", within, warnOnceOnSubmit);
    each("[data-dialog]", within, openDialog);
    each("[data-check-all]", within, checkAll);
    each("[data-copy]", within, copyOnClick);
    each("[data-pick-reset]", within, takeProposalBack);
    each("[data-pick]", within, offerPick);
    askForPickers();
  }

  document.addEventListener("click", function (event) {
    each("details.nc-menu[open]", document, function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    each("details.nc-menu[open]", document, function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  /* One key for what one does all day: <button data-key="1">. Never while somebody types. */
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog, .ts-wrapper")) return;
    if (!/^[0-9a-z]$/.test(event.key)) return;
    var wanted = document.querySelector('[data-key="' + event.key + '"]');
    if (wanted) { event.preventDefault(); wanted.click(); }
  });
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });
  document.addEventListener("htmx:afterSwap", function (event) { setUp(event.target); });
  setUp(document);
  var summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
})();
