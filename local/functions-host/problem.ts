/** Why the host refuses an app or one of its functions; `fix` says what a person can do. */
export class HostProblem extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly fix?: string,
  ) {
    super(fix === undefined ? message : `${message} ${fix}`);
    this.name = 'HostProblem';
  }
}

/** An error as the host prints it: its code where it has one, and its message on one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const message = error.message.replace(/\s*\n\s*/g, ' ');
  return message.startsWith(code) || message === '' ? message || code : `${code}: ${message}`;
}
