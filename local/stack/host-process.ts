import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { StackProblem } from './problem';

export interface HostProcessOptions {
  /** The project's directory, with the host built in `dist`. */
  readonly root: string;
  /** Where the package.json and the host.json of the app are. */
  readonly appDirectory: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly log: (line: string) => void;
}

/** What a program needs of the environment that it did not set up itself. Proxies are left out: everything is on loopback. */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'TZ', 'SystemRoot'];

/** The host gives running functions ten seconds, and closes its connections after that. */
const stoppedWithinMs = 13_000;

/** The Functions host in a process of its own, which can be killed alone and comes back on the same port. */
export class HostProcess {
  private child: ChildProcess | undefined;
  private starting: Promise<void> | undefined;
  private isEnding = false;
  private port: number;
  /** Where it answers; empty before the first start. */
  url = '';

  constructor(private readonly options: HostProcessOptions) {
    this.port = options.port ?? 0;
  }

  /** Of the running process. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Starts it and resolves once it serves; does nothing where it runs. Rejects with what it printed where it ends instead.
   * @param changes settings that are others until its next start
   */
  start(changes: Readonly<Record<string, string>> = {}): Promise<void> {
    if (this.child === undefined) this.starting = this.launch(changes);
    return this.starting ?? Promise.resolve();
  }

  /** Ends it at once, as a crash does, and resolves when it is gone. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Lets it finish what it does. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  private async launch(changes: Readonly<Record<string, string>>): Promise<void> {
    const { root, appDirectory, settings, log } = this.options;
    const program = join(root, 'dist', 'local', 'functions-host', 'main.js');
    if (!existsSync(program)) throw new StackProblem(`${program} is not there. Run "npm run build" first.`);
    // A group of its own: a Ctrl-C in the terminal is for who started it, and it ends with its channel to this process.
    const child = fork(program, ['--app', appDirectory, '--port', String(this.port)], {
      cwd: root,
      env: { ...environment(), ...settings, ...changes },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.child = child;
    this.isEnding = false;
    const endWithUs = () => child.kill('SIGKILL');
    process.once('exit', endWithUs);
    const said = lastLines();
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        said.add(line);
        log(line);
      });
    }
    let isReady = false;
    child.once('exit', (code, signal) => {
      process.removeListener('exit', endWithUs);
      this.child = undefined;
      if (isReady && !this.isEnding) log(`error The functions host ended by itself (${signal ?? code}).`);
    });
    await new Promise<void>((resolve, reject) => {
      child.once('message', (message: { url: string }) => {
        isReady = true;
        this.url = message.url;
        this.port = Number(new URL(message.url).port);
        resolve();
      });
      child.once('error', reject);
      child.once('close', (code, signal) => reject(new StackProblem(`The functions host ended (${signal ?? code}):\n${said.text()}`)));
    });
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.isEnding = true;
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    const insist = setTimeout(() => child.kill('SIGKILL'), stoppedWithinMs);
    child.kill(signal);
    await exited;
    clearTimeout(insist);
  }
}

function environment(): Record<string, string> {
  return Object.fromEntries(inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']])));
}

/** The newest lines of an output, for the case that they explain an end. */
function lastLines(most = 20): { add(line: string): void; text(): string } {
  const lines: string[] = [];
  return {
    add(line) {
      lines.push(line);
      if (lines.length > most) lines.shift();
    },
    text: () => lines.join('\n'),
  };
}
