import { useEffect, useRef, useState, type RefObject } from "react";
import type { AgentShape } from "../../../src/server/contract/work.ts";
import { isFocusNowhere } from "../ui/nowhere.ts";
import { Icon } from "../ui/icon.tsx";
import { isAtWork, questionOf } from "./agent-words.ts";
import type { useAgentActions } from "./use-agent-actions.ts";

type MessageFormProps = {
  readonly agent: AgentShape;
  readonly actions: ReturnType<typeof useAgentActions>;
  readonly field: RefObject<HTMLInputElement | null>;
};

/** The answers offered when an agent asks `[y/n]`. */
const answers = [
  { answer: "y", word: "Yes" },
  { answer: "n", word: "No" },
] as const;

/** Sends a line to a running agent, or resumes an ended one with it. Takes the focus when the agent waits for input. */
export function MessageForm({ agent, actions, field }: MessageFormProps) {
  const [text, setText] = useState("");
  const { message, resume } = actions;
  const hears = isAtWork(agent);
  /** Messages are queued, but an agent that is being resumed cannot receive any yet. */
  const busy = resume.isPending;
  const waits = agent.state === "waiting";
  const suggested = useRef("");

  useEffect(() => {
    // Never take the focus from a user who types in the terminal or elsewhere.
    const isFree = isFocusNowhere() || document.activeElement?.closest(".agent-list") !== null;
    const isNew = suggested.current !== `${agent.id} ${agent.since}`;
    suggested.current = `${agent.id} ${agent.since}`;
    if (waits && isFree && isNew) field.current?.focus();
  }, [waits, agent.id, agent.since, field]);

  const send = (words: string) => {
    // Clear the field for the next message; a message that fails is put back in front of it.
    setText("");
    const bringBack = () => setText((now) => [words, now].filter((part) => part !== "").join(" "));
    (hears ? message.mutateAsync({ text: words }) : resume.mutateAsync(words)).catch(bringBack);
  };
  const label = hears ? `${waits ? "Reply" : "Message"} to ${agent.name}` : `Resume ${agent.name} with a message`;
  const { choices } = agent;
  return (
    <form
      className="agent-send"
      data-waiting={waits || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && (text !== "" || hears)) send(text);
      }}
    >
      {waits && choices.length > 0 && (
        <fieldset className="agent-choices" aria-label={`Answers to ${agent.name}: ${questionOf(agent)}`}>
          {choices.map(({ answer, label: words }) => (
            <button
              key={answer}
              type="button"
              className="button"
              disabled={busy || message.isPending}
              onClick={() => message.mutate({ text: answer, option: { label: words, since: agent.since } })}
            >
              <kbd>{answer}</kbd>
              <span>{words}</span>
            </button>
          ))}
        </fieldset>
      )}
      <input
        ref={field}
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={100_000}
        autoComplete="off"
        disabled={!hears && agent.workspace === null}
        onChange={({ target }) => setText(target.value)}
      />
      {waits && choices.length === 0 && /\by\/n\b/i.test(questionOf(agent)) && (
        <>
          {answers.map(({ answer, word }) => (
            <button
              key={answer}
              type="button"
              className="button agent-answer"
              disabled={busy || message.isPending}
              aria-label={`Answer ${answer}: ${word}`}
              onClick={() => message.mutate({ text: answer })}
            >
              <kbd className="not-phone">{answer}</kbd>
              <span className="phone-only">{word}</span>
            </button>
          ))}
        </>
      )}
      <button
        type="submit"
        className="button"
        data-kind="primary"
        data-size="large"
        disabled={busy || (text === "" && !hears) || (!hears && agent.workspace === null)}
      >
        {busy || message.isPending ? (
          <Icon name="spin" className="spinning" />
        ) : (
          <Icon name={hears ? "send" : "play"} />
        )}
        {hears ? "Send" : "Resume"}
        <kbd aria-hidden="true" className="not-phone">
          ↵
        </kbd>
      </button>
    </form>
  );
}
