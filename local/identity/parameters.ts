import { missing, StsError } from './sts-error';

/** The parameters of one OAuth request. An empty value counts as absent, a repeated name is refused (RFC 6749, section 3.1). */
export class Parameters {
  private readonly values = new Map<string, string>();

  constructor(source: URLSearchParams) {
    for (const [name, value] of source) {
      if (this.values.has(name)) throw new StsError('invalid_request', 9000411, `The parameter '${name}' is there more than once.`);
      this.values.set(name, value);
    }
  }

  get(name: string): string | undefined {
    const value = this.values.get(name);
    return value === '' ? undefined : value;
  }

  /** The value, or AADSTS900144. */
  need(name: string): string {
    const value = this.get(name);
    if (value === undefined) throw missing(name);
    return value;
  }
}
