import { Problem, problemOf } from "./problem.js";
import { apiKey } from "./session.js";

/**
 * The gateway's API, as its OpenAPI document describes it: one function per call. Lists come back
 * as `{items, next}`, where `next` leads to the older part of the list, if there is one.
 */

const MOST_COUNTED = 50;

/** Every status of a task, in the order of a task's life. */
export const TASK_STATUSES = [
  "pending",
  "queued",
  "assigned",
  "in_progress",
  "paused",
  "completed",
  "failed",
  "cancelled",
];

/** The topics whose events can be followed live. */
export const LIVE_TOPICS = [
  "task.events",
  "platform.events",
  "agent.events",
  "workflow.events",
  "learning.plans",
  "health.statuses",
  "health.anomalies",
  "remediation.analyses",
  "remediation.commands",
  "remediation.outcomes",
  "remediation.escalations",
  "remediation.approvals",
];

export async function listTasks(filters, signal) {
  const { tasks, next_cursor: next } = await get("/api/tasks", filters, signal);
  return { items: tasks, next };
}

/** How many tasks are in each status, as text: `7`, or `50+` where there are more than counted. */
export function countTasks(signal) {
  return Promise.all(
    TASK_STATUSES.map(async (status) => ({ status, count: await countLike({ status }, signal) })),
  );
}

/** How many tasks ask for an approval, as text. */
export function countApprovals(signal) {
  return countLike({ waitingFor: "approval" }, signal);
}

async function countLike(filters, signal) {
  return counted(await listTasks({ ...filters, limit: MOST_COUNTED }, signal));
}

function counted({ items, next }) {
  return next ? `${items.length}+` : `${items.length}`;
}

export function readTask(id, signal) {
  return get(`/api/tasks/${encodeURIComponent(id)}`, {}, signal);
}

/** Cancels, retries, pauses, resumes or approves a task. */
export function operateTask(id, action) {
  return post(`/api/tasks/${encodeURIComponent(id)}/${action}`, {
    reason: "asked for on the dashboard",
  });
}

export function createTask(request) {
  return post("/api/orchestrator", request);
}

export async function listQueues(signal) {
  const { queues } = await get("/api/queue", { limit: 1 }, signal);
  return queues;
}

/** Pauses a queue, or lets it run whatever paused it. */
export function setQueuePaused(queue, paused) {
  return post("/api/queue/settings", { queue, paused });
}

export async function listEvents(filters, signal) {
  const { events, next_cursor: next } = await get("/api/events", filters, signal);
  return { items: events, next };
}

/** Address of the live events, of one topic or of all. */
export function eventStream(topic) {
  return `/api/events/stream${queryOf({ topics: topic })}`;
}

export async function searchKnowledge(query, signal) {
  const { results } = await get("/api/knowledge/search", query, signal);
  return { items: results };
}

export async function readHealth(signal) {
  const health = await get("/api/health", {}, signal);
  const dependencies = Object.entries(health.dependencies ?? {});
  return {
    status: health.status,
    version: health.version,
    uptimeSeconds: health.uptime,
    dependencies: dependencies.map(([name, found]) => ({ name, ...found })),
  };
}

export async function listProjects(signal) {
  const { projects } = await get("/api/health/projects", {}, signal);
  return projects;
}

/** What people are asked about repairs and have not answered yet. */
export async function listEscalations(signal) {
  const filters = { status: "open", limit: MOST_COUNTED };
  const { escalations, next_cursor: next } = await get("/api/escalations", filters, signal);
  return { items: escalations, next };
}

/** How many repairs wait for an answer, as text. */
export async function countEscalations(signal) {
  return counted(await listEscalations(signal));
}

/** Approves a repair, with the action to run, or rejects it. */
export function decideEscalation(id, answer, decision) {
  return post(`/api/escalations/${encodeURIComponent(id)}/${answer}`, {
    ...decision,
    reason: "asked for on the dashboard",
  });
}

export function triggerAnomaly(request) {
  return post("/api/test/anomaly", request);
}

async function get(path, parameters, signal) {
  const address = path + queryOf(parameters);
  return answer(fetch(address, { headers: headers(), signal, cache: "no-store" }));
}

function post(path, body) {
  const sent = { ...headers(), "Content-Type": "application/json" };
  return answer(fetch(path, { method: "POST", headers: sent, body: JSON.stringify(body) }));
}

function headers() {
  const key = apiKey();
  return key ? { Accept: "application/json", "X-API-Key": key } : { Accept: "application/json" };
}

async function answer(response) {
  const received = await response;
  if (!received.ok) {
    throw await problemOf(received);
  }
  return received.json().catch(() => {
    throw new Problem(
      received.status,
      "Something else than the gateway answered",
      "A proxy in front of it may be misconfigured, or ask for a login of its own.",
    );
  });
}

function queryOf(parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") {
      query.set(name, value);
    }
  }
  return query.size > 0 ? `?${query}` : "";
}
