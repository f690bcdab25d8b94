import { AppError } from '../../core/errors.ts';

/** The event socket is not there; the call lives on and is picked up after the reconnect. */
export class SwitchDownError extends AppError {
  constructor() {
    super({
      code: 'switch.down',
      status: 503,
      message: 'The switch is not connected. It is retried by itself.',
      retryable: true,
    });
  }
}

export class SwitchTimeoutError extends AppError {
  constructor(verb: string) {
    super({
      code: 'switch.timeout',
      status: 504,
      message: `The switch did not answer "${verb}" in time.`,
      retryable: true,
    });
  }
}

/** Its event socket takes no more clients; FreeSWITCH answers so to addresses outside its access list, too. */
export class SwitchFullError extends AppError {
  constructor() {
    super({
      code: 'switch.full',
      status: 503,
      message:
        'The event socket of the switch lets nobody else in: too many clients are connected, or this address may not. Close clients that are not needed, or mend the access list.',
      retryable: true,
    });
  }
}

/** Something listens at its address and says nothing. */
export class SwitchSilentError extends AppError {
  constructor() {
    super({
      code: 'switch.silent',
      status: 503,
      message:
        'What listens at the address of the event socket does not ask for a password. It may hang, or be no switch; ESL_URLS and ESL_PORT say where it is looked for.',
      retryable: true,
    });
  }
}

/** What came on the event socket cannot be cut into messages: whatever listens there is no switch. */
export class EslStreamError extends AppError {
  constructor(what: string) {
    super({
      code: 'switch.bad_stream',
      status: 503,
      message: `The switch sent ${what} on the event socket. The connection is closed and made anew; if that goes on, ESL_URLS or ESL_PORT names something that is no switch.`,
      retryable: true,
    });
  }
}

/** Text that would end a command early, or start another. */
export class UnsafeTextError extends AppError {
  constructor() {
    super({
      code: 'switch.unsafe_text',
      status: 400,
      message: 'Text for the switch must not hold line breaks or NUL.',
    });
  }
}

export class UnknownNodeError extends AppError {
  constructor(name: string) {
    super({
      code: 'switch.unknown_node',
      status: 404,
      message: `There is no switch named "${name}" in ESL_URLS.`,
      details: { name },
    });
  }
}

/** A fax needs a switch with a modem. */
export class NoModemError extends AppError {
  constructor() {
    super({
      code: 'fax.not_possible',
      status: 501,
      message:
        'This switch cannot fax: the embedded one has no modem. Faxes need a FreeSWITCH with mod_spandsp.',
    });
  }
}
