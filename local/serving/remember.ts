/** So many answers are kept; then all are forgotten at once. */
const mostKept = 2_000;

/** The same function, whose answer to a text is worked out once: for what says the same all the time. Nobody may change an answer, and a refusal is not kept. */
export function remember<Answer>(work: (text: string) => Answer): (text: string) => Answer {
  const kept = new Map<string, { readonly answer: Answer }>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known.answer;
    const answer = work(text);
    if (kept.size >= mostKept) kept.clear();
    kept.set(text, { answer });
    return answer;
  };
}
