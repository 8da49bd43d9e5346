// A real SMTP server on a loopback port, a free one if none is named, with scripted faults.
//
//   node server.mjs --out FILE [--port PORT] [--script JSON] [--cert PEM --key PEM]
//
// Prints "listening PORT" when ready; ends on SIGTERM. Each mail that came in whole is one JSON line in FILE, written
// before the reply: {message_id, to, from, secure, subject, text, html, headers, reply}. `reply` is 250 if the mail was
// accepted, else what the client saw after its final dot: "drop", "hang" or "garbage". A mail refused with a code is
// not written. STARTTLS is offered if there is a certificate.
//
// The script is one step or an array of steps. A step names a stage and a fault, and `times` if it is to end:
//   {"rcpt": 450, "times": 2}   {"greeting": 421}   {"after_data": "drop", "times": 1}   {"hold_after_data_ms": 5000}
// Stages: greeting, ehlo, starttls, mail, rcpt, data, after_data. Faults: a reply code; "drop" closes the connection,
// "hang" stays silent, "garbage" says nonsense and closes. hold_after_data_ms delays the reply to the final dot.
// For each stage the first step that is not used up counts.
import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const STAGES = ['greeting', 'ehlo', 'starttls', 'mail', 'rcpt', 'data', 'after_data', 'hold_after_data_ms'];
const FAULTS = ['drop', 'hang', 'garbage'];

const { values: options } = parseArgs({
  options: {
    out: { type: 'string' },
    port: { type: 'string', default: '0' },
    script: { type: 'string', default: '[]' },
    cert: { type: 'string' },
    key: { type: 'string' },
  },
});
if (!options.out) throw new Error('--out FILE is missing: where the received mails go');
const steps = [JSON.parse(options.script)].flat().map(checkedStep);

function checkedStep(step) {
  const { times = Infinity, ...rest } = step;
  const [[stage, fault] = [], ...more] = Object.entries(rest);
  const known = STAGES.includes(stage) && (Number.isInteger(fault) || FAULTS.includes(fault));
  if (!known || more.length > 0) throw new Error(`not a step: ${JSON.stringify(step)}; see the top of server.mjs`);
  return { stage, fault, times };
}

// Uses up one of the step's times.
function faultAt(stage) {
  const step = steps.find((candidate) => candidate.stage === stage && candidate.times > 0);
  if (!step) return undefined;
  step.times -= 1;
  return step.fault;
}

// The names with an underscore and handler_* belong to the smtp-server release in the lock file.
function perform(connection, fault, next) {
  if (fault === 'hang') return console.log('silent');
  if (Number.isInteger(fault)) {
    connection.send(fault, 'scripted reply');
    next();
    return;
  }
  if (fault === 'garbage') connection._socket.end('\x01?! nonsense\r\n');
  else connection._socket.destroy();
}

class ScriptedServer extends SMTPServer {
  connect(socket, socketOptions) {
    super.connect(socket, socketOptions);
    const connection = [...this.connections].at(-1);
    wrap(connection, 'greeting', 'connectionReady', () => connection._socket.end());
    for (const stage of ['ehlo', 'starttls', 'mail', 'rcpt', 'data']) {
      wrap(connection, stage, `handler_${stage.toUpperCase()}`);
    }
  }
}

// Handlers take (command, done) and the greeting neither; after a scripted reply `done` lets the next command in.
function wrap(connection, stage, method, after) {
  const original = connection[method].bind(connection);
  connection[method] = (command, done) => {
    const fault = faultAt(stage);
    if (fault === undefined) original(command, done);
    else perform(connection, fault, after ?? done);
  };
}

function record(mail, session, reply) {
  const line = {
    message_id: mail.messageId,
    to: session.envelope.rcptTo.map((recipient) => recipient.address),
    from: session.envelope.mailFrom.address,
    secure: session.secure,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: Object.fromEntries(mail.headerLines.map(({ key, line: text }) => [key, text.slice(key.length + 1).trim()])),
    reply,
  };
  appendFileSync(options.out, `${JSON.stringify(line)}\n`);
}

async function onData(stream, session, done) {
  try {
    const mail = await simpleParser(stream);
    const fault = faultAt('after_data');
    if (!Number.isInteger(fault)) record(mail, session, fault ?? 250);
    await wait(faultAt('hold_after_data_ms') ?? 0);
    if (fault === undefined) done();
    else if (Number.isInteger(fault)) done(Object.assign(new Error('scripted reply'), { responseCode: fault }));
    else perform([...server.connections].find((connection) => connection.id === session.id), fault);
  } catch (error) {
    done(error);
  }
}

const server = new ScriptedServer({
  authOptional: true,
  disableReverseLookup: true,
  disabledCommands: options.cert ? ['AUTH'] : ['AUTH', 'STARTTLS'],
  ...(options.cert && { cert: readFileSync(options.cert), key: readFileSync(options.key) }),
  onData,
});
// A client that goes away in the middle is part of the tests.
server.on('error', (error) => process.stderr.write(`${error.message}\n`));
server.listen(Number(options.port), '127.0.0.1', () => process.stdout.write(`listening ${server.server.address().port}\n`));
process.on('SIGTERM', () => process.exit(0));
