import { setTimeout as sleep } from 'node:timers/promises';
import type { TypedData } from './core-module';
import type { Invoker } from './invocation';
import { isFrequent, type Schedule } from './schedule';

/** The longest sleep in one go, in ms: setTimeout cannot hold more than 24.8 days. */
const LONGEST_SLEEP = 86_400_000;

export interface TimerTrigger {
  readonly functionName: string;
  readonly bindingName: string;
  readonly schedule: Schedule;
  readonly runOnStartup: boolean;
  readonly useMonitor: boolean;
}

/** Runs one timer function on its schedule; it never overlaps with itself, and a tick during a run is skipped. */
export class TimerDriver {
  private readonly stopping = new AbortController();
  private current: Promise<void> | undefined;
  private lastDue: Date | undefined;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly trigger: TimerTrigger,
    private readonly invoker: Invoker,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  /** Stops the schedule; a run under way goes on. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** Runs the function now, after a run that is under way; rejects with the function's error. */
  async runNow(): Promise<void> {
    while (this.current !== undefined) await this.current.catch(() => undefined);
    await this.invoke(new Date(), false);
  }

  private async run(): Promise<void> {
    const { schedule, runOnStartup } = this.trigger;
    if (runOnStartup) this.tick(new Date(), false);
    let due = schedule.next(new Date());
    while (due !== undefined && (await this.sleepUntil(due))) {
      const following = schedule.next(due);
      this.tick(due, following !== undefined && following.getTime() <= Date.now());
      due = schedule.next(new Date(Math.max(Date.now(), due.getTime())));
    }
  }

  private tick(due: Date, isPastDue: boolean): void {
    if (this.current !== undefined) return;
    // The invoker has logged the failure, and the next tick is the retry.
    this.invoke(due, isPastDue).catch(() => undefined);
  }

  private invoke(due: Date, isPastDue: boolean): Promise<void> {
    const data = timerData(this.trigger, due, this.lastDue, isPastDue);
    this.lastDue = due;
    const run = this.invoker
      .invoke(this.trigger.functionName, { inputData: [{ name: this.trigger.bindingName, data }] })
      .then(() => undefined)
      .finally(() => {
        this.current = undefined;
      });
    this.current = run;
    return run;
  }

  /** False when stopped meanwhile. */
  private async sleepUntil(due: Date): Promise<boolean> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const left = due.getTime() - Date.now();
      if (left <= 0) return true;
      await sleep(Math.min(left, LONGEST_SLEEP), undefined, { signal }).catch(() => undefined);
    }
    return false;
  }
}

/** The timer's input as the host sends it; without a schedule monitor its status is null (azure-webjobs-sdk-extensions, `TimerInfo`). */
function timerData(trigger: TimerTrigger, due: Date, last: Date | undefined, isPastDue: boolean): TypedData {
  const { schedule } = trigger;
  const isMonitored = trigger.useMonitor && !isFrequent(schedule, due);
  const status = {
    Last: (last ?? new Date(0)).toISOString(),
    Next: (schedule.next(due) ?? new Date(0)).toISOString(),
    LastUpdated: (last ?? new Date(0)).toISOString(),
  };
  return {
    json: JSON.stringify({
      Schedule: { AdjustForDST: !schedule.isConstant },
      ScheduleStatus: isMonitored ? status : null,
      IsPastDue: isPastDue,
    }),
  };
}
