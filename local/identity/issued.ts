/** What kinds of secrets an identity provider gives away. */
export type SecretKind = 'client secret' | 'authorization code' | 'access token' | 'refresh token' | 'ID token';

export interface IssuedSecret {
  readonly kind: SecretKind;
  readonly value: string;
}

const kinds = { access_token: 'access token', refresh_token: 'refresh token', id_token: 'ID token' } as const;

/** Everything that opens something and was given away, for whoever wants to know where else it has got to. */
export class Issued {
  private readonly secrets: IssuedSecret[] = [];

  add(kind: SecretKind, value: string): void {
    this.secrets.push({ kind, value });
  }

  /** Notes what an answer of the token endpoint holds. */
  addAnswer(answer: Readonly<Partial<Record<keyof typeof kinds, unknown>>>): void {
    for (const name of ['access_token', 'refresh_token', 'id_token'] as const) {
      const value = answer[name];
      if (typeof value === 'string') this.add(kinds[name], value);
    }
  }

  all(): readonly IssuedSecret[] {
    return [...this.secrets];
  }
}
