import { Component, h } from "../preact.js";
import { createTask } from "../client/gateway.js";
import { problemFrom } from "../client/problem.js";
import { choice, field, line, proposing, valuesOf } from "../parts/form.js";
import { problemNotice } from "../parts/notices.js";
import { go, to } from "../routes.js";

const PRIORITIES = ["low", "medium", "high", "critical"].map((name) => [name, name]);
const TYPES = [
  "documentation",
  "code",
  "review",
  "analysis",
  "summary",
  "translation",
  "platform",
  "support",
];

/** From the form's names to where the gateway expects the values. */
const FIELDS = {
  type: "taskType",
  priority: "priority",
  description: "payload.description",
  repository: "payload.context.repository",
  filePath: "payload.context.filePath",
  branch: "payload.context.branch",
};

export function newTaskPage(onKeyRefused) {
  return h(NewTask, { onKeyRefused });
}

/** A form that asks for a task. */
class NewTask extends Component {
  state = { problem: null, sending: false };

  submit = async (event) => {
    event.preventDefault();
    const values = valuesOf(event.currentTarget);
    this.setState({ sending: true });
    try {
      const created = await createTask(requestOf(values));
      go(["tasks", created.task_id]);
    } catch (thrown) {
      const problem = problemFrom(thrown);
      this.setState({ problem, sending: false });
      if (problem.needsKey) {
        this.props.onKeyRefused();
      }
    }
  };

  field(name, label, control, more = {}) {
    const reason = this.state.problem?.reasonFor(FIELDS[name]);
    return field({ name, label, reason, ...more }, control);
  }

  render(_, { problem, sending }) {
    return h(
      "div",
      { class: "narrow" },
      h("p", { class: "crumbs" }, h("a", { href: to(["tasks"]) }, "Tasks")),
      h("h1", null, "New task"),
      problem && problemNotice(problem, Object.values(FIELDS)),
      h(
        "form",
        { class: "card form", onSubmit: this.submit },
        h(
          "div",
          { class: "form-row" },
          this.field("type", "Type", typeInput, {
            required: true,
            hint: "It decides which agent does the task.",
          }),
          this.field("priority", "Priority", choice(PRIORITIES, "medium")),
        ),
        this.field(
          "description",
          "Description",
          (attributes) => h("textarea", { rows: 5, ...attributes }),
          {
            required: true,
          },
        ),
        h(
          "fieldset",
          null,
          h("legend", null, "Where the result is committed"),
          this.field("repository", "Repository", line({ placeholder: "owner/name" })),
          h(
            "div",
            { class: "form-row" },
            this.field("filePath", "File", line({ placeholder: "docs/overview.md" })),
            this.field("branch", "Branch", line({ placeholder: "main" })),
          ),
        ),
        h(
          "div",
          { class: "form-actions" },
          h(
            "button",
            { class: "button", type: "submit", disabled: sending },
            sending ? "Sending …" : "Create task",
          ),
          h("a", { class: "button-quiet", href: to(["tasks"]) }, "Cancel"),
        ),
      ),
    );
  }
}

function typeInput(attributes) {
  return proposing("task-types", TYPES, attributes);
}

function requestOf({ type, priority, description, repository, filePath, branch }) {
  const context = { repository, filePath, branch };
  const filled = Object.values(context).some((value) => value !== undefined);
  return {
    taskType: type,
    priority,
    payload: filled ? { description, context } : { description },
  };
}
