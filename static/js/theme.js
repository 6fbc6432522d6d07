/* Runs before the first paint: applies the appearance chosen earlier. No cookie: localStorage. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("nc-js");
  try {
    var chosen = localStorage.getItem("nc-theme");
    if (chosen === "light" || chosen === "dark") root.setAttribute("data-bs-theme", chosen);
  } catch (error) { /* storage refused: the device decides */ }
})();
