/** Why the stack cannot start or do something, in a sentence that says what to do. Its message is all that a person needs. */
export class StackProblem extends Error {}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
