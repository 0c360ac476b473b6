import { Component, h, render } from "./preact.js";
import { apiKey, forgetApiKey, rememberApiKey } from "./client/session.js";
import { eventsPage } from "./pages/events.js";
import { healthPage } from "./pages/health.js";
import { keyPage } from "./pages/key.js";
import { knowledgePage } from "./pages/knowledge.js";
import { newTaskPage } from "./pages/new-task.js";
import { nothing } from "./parts/notices.js";
import { overviewPage } from "./pages/overview.js";
import { taskPage } from "./pages/task.js";
import { tasksPage } from "./pages/tasks.js";
import { here, onMove, to } from "./routes.js";

const SECTIONS = [
  ["", "Overview"],
  ["tasks", "Tasks"],
  ["events", "Events"],
  ["knowledge", "Knowledge"],
  ["health", "Health"],
];

/** The frame of the page: its head, its navigation, and the section that the address names. */
class App extends Component {
  state = { place: here(), key: apiKey(), keyRefused: false };

  componentDidMount() {
    onMove(() => this.move());
    this.nameTab();
  }

  /** Another page begins at its top, wherever the last one was left; other filters move nothing. */
  move() {
    const before = this.state.place.parts.join("/");
    this.setState({ place: here() }, () => {
      this.nameTab();
      document.getElementById("main").focus({ preventScroll: true });
      if (this.state.place.parts.join("/") !== before) {
        window.scrollTo(0, 0);
      }
    });
  }

  nameTab() {
    const section = SECTIONS.find(([name]) => name === (this.state.place.parts[0] ?? ""));
    document.title = section ? `${section[1]} · Millrace` : "Millrace";
  }

  signIn = (key) => {
    rememberApiKey(key);
    this.setState({ key, keyRefused: false });
  };

  signOut = () => {
    forgetApiKey();
    this.setState({ key: null, keyRefused: false });
  };

  refuseKey = () => {
    forgetApiKey();
    this.setState({ key: null, keyRefused: true });
  };

  render(_, { place, key, keyRefused }) {
    return h(
      "div",
      { class: "frame" },
      h("a", { class: "skip", href: "#main", onClick: skipToMain }, "Skip to content"),
      h(
        "header",
        { class: "head" },
        h(
          "a",
          { class: "brand", href: to([]) },
          h("img", { src: "/icon.svg", alt: "" }),
          "Millrace",
        ),
        key && navigation(place.parts[0] ?? ""),
        key &&
          h(
            "button",
            { type: "button", class: "button-quiet", onClick: this.signOut },
            "Forget key",
          ),
      ),
      h(
        "main",
        { id: "main", class: "main", tabindex: -1 },
        key ? section(place, this.refuseKey) : keyPage(this.signIn, keyRefused),
      ),
    );
  }
}

function navigation(current) {
  return h(
    "nav",
    { class: "nav", "aria-label": "Sections" },
    SECTIONS.map(([name, title]) =>
      h(
        "a",
        { href: to(name ? [name] : []), "aria-current": name === current ? "page" : undefined },
        title,
      ),
    ),
  );
}

function section({ parts, parameters }, refuseKey) {
  switch (parts.join("/")) {
    case "":
      return overviewPage(refuseKey);
    case "tasks":
      return tasksPage(parameters, refuseKey);
    case "tasks/new":
      return newTaskPage(refuseKey);
    case "events":
      return eventsPage(parameters, refuseKey);
    case "knowledge":
      return knowledgePage(parameters, refuseKey);
    case "health":
      return healthPage(refuseKey);
    default:
      return parts[0] === "tasks" && parts.length === 2
        ? taskPage(parts[1], refuseKey)
        : nothing("There is no such page", h("a", { href: to([]) }, "To the overview"));
  }
}

/** The address after `#` is taken by the page itself, so the link cannot do it alone. */
function skipToMain(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}

const root = document.getElementById("app");
root.replaceChildren();
render(h(App), root);
