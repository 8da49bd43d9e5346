// Prints won deals from the public topic: node won_deals.mjs BROKERS TOPIC STATE_FILE
import fs from "node:fs";
import { Kafka, logLevel } from "kafkajs";

const [brokers, topic, stateFile] = process.argv.slice(2);
// source → sequence of its last event, kept so that a repeat is known after a restart as well
const last = fs.existsSync(stateFile) ? JSON.parse(fs.readFileSync(stateFile, "utf8")) : {};

const kafka = new Kafka({ clientId: "won-deals", brokers: brokers.split(","), logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: "won-deals-node", sessionTimeout: 10000 });

async function stop() {
  await consumer.disconnect();
  process.exit(0);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);

await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachMessage: async ({ partition, message }) => {
    const source = message.headers.ce_source.toString();
    const sequence = Number(message.headers.ce_sequence.toString());
    if (sequence > (last[source] ?? 0)) {
      // Every other type is passed over, those of later versions too.
      if (message.headers.ce_type.toString() === "daybook.deal.won.v1") {
        const deal = JSON.parse(message.value.toString()).record;
        console.log("won:", deal.title, deal.value, deal.currency);
      }
      last[source] = sequence;
      fs.writeFileSync(`${stateFile}.new`, JSON.stringify(last));
      fs.renameSync(`${stateFile}.new`, stateFile);
    }
    await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(message.offset) + 1n) }]);
  },
});
