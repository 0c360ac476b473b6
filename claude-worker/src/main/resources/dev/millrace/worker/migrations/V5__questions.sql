create table agent_work.questions (
  run_id             text primary key,
  task_id            text not null,
  task_microdollars  bigint not null,
  task_tokens        bigint not null,
  day_microdollars   bigint not null,
  day_tokens         bigint not null,
  asked_at           timestamptz not null default now()
);

create index questions_task_id on agent_work.questions (task_id, asked_at);
create index questions_asked_at on agent_work.questions (asked_at);

comment on table agent_work.questions is 'What had been spent when a run beyond its budget asked: an approval grants the budget from there on';
comment on column agent_work.questions.run_id is 'Run that asked, and ended with it';
comment on column agent_work.questions.task_id is 'Its task';
comment on column agent_work.questions.task_microdollars is 'What the task had cost, in millionths of a US dollar';
comment on column agent_work.questions.task_tokens is 'Tokens that the task had read and written';
comment on column agent_work.questions.day_microdollars is 'What all tasks had cost that day';
comment on column agent_work.questions.day_tokens is 'Tokens that all tasks had read and written that day';
comment on column agent_work.questions.asked_at is 'When';
