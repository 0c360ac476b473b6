import { Component, h } from "../preact.js";
import { problemFrom } from "../client/problem.js";
import { problemNotice, staleNote } from "./notices.js";

/**
 * Shows what a call answers: a placeholder before the first answer, the view of the newest answer
 * afterwards, and the problem when a call fails: in a line above what is already there, and since
 * when that is not up to date.
 *
 * Props: `of` names what is loaded, a change of it starts again; `load(signal)` makes the call;
 * `every` repeats it after that many milliseconds, or as many as it says of the newest answer;
 * `view(answer)` draws the answer;
 * `quiet` shows nothing before the first answer, where other parts of the page say why there is none;
 * `onKeyRefused()` is called when the gateway does not accept the API key.
 */
export class Load extends Component {
  state = { answer: undefined, at: null, problem: null };

  componentDidMount() {
    this.begin();
  }

  componentDidUpdate(previous) {
    if (previous.of !== this.props.of) {
      this.end();
      this.setState({ answer: undefined, at: null, problem: null });
      this.begin();
    }
  }

  componentWillUnmount() {
    this.end();
  }

  begin() {
    this.stop = new AbortController();
    this.run(this.stop.signal);
  }

  end() {
    this.stop.abort();
    clearTimeout(this.timer);
  }

  async run(signal) {
    if (!this.isUnseen()) {
      await this.call(signal);
    }
    const pause = this.pause();
    if (pause && !signal.aborted) {
      this.timer = setTimeout(() => this.run(signal), pause);
    }
  }

  pause() {
    const { every } = this.props;
    return typeof every === "function" ? every(this.state.answer) : every;
  }

  /** A tab in the background asks only for what it never had. */
  isUnseen() {
    return document.hidden && this.state.answer !== undefined;
  }

  async call(signal) {
    try {
      const answer = await this.props.load(signal);
      if (!signal.aborted) {
        this.setState({ answer, at: new Date(), problem: null });
      }
    } catch (thrown) {
      if (!signal.aborted) {
        this.fail(problemFrom(thrown));
      }
    }
  }

  fail(problem) {
    this.setState({ problem });
    if (problem.needsKey) {
      this.props.onKeyRefused();
    }
  }

  render({ view, quiet }, { answer, at, problem }) {
    if (quiet && answer === undefined) {
      return null;
    }
    return [
      problem && (answer === undefined ? problemNotice(problem) : staleNote(problem, at)),
      answer === undefined
        ? !problem && h("p", { class: "loading", role: "status" }, "Loading …")
        : view(answer),
    ];
  }
}
