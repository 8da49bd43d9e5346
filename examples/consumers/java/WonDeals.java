// Prints won deals from the public topic: java -cp 'JARS/*' WonDeals.java BROKERS TOPIC STATE_FILE
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.*;
import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.*;

public class WonDeals {
  static String header(ConsumerRecord<String, String> record, String name) {
    return new String(record.headers().lastHeader(name).value());
  }

  public static void main(String[] args) throws Exception {
    var state = Path.of(args[2]);
    var last = new Properties();  // source to sequence of its last event, so that a repeat is known after a restart too
    if (Files.exists(state)) try (var in = Files.newBufferedReader(state)) { last.load(in); }
    var consumer = new KafkaConsumer<>(
        Map.of("bootstrap.servers", args[0], "group.id", "won-deals-java", "auto.offset.reset", "earliest",
            "enable.auto.commit", "false", "session.timeout.ms", "10000"),
        new StringDeserializer(), new StringDeserializer());
    var main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      consumer.wakeup();
      try { main.join(); } catch (InterruptedException ignored) { }
    }));
    consumer.subscribe(List.of(args[1]));
    try (consumer) {
      while (true) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          var source = header(record, "ce_source");
          long sequence = Long.parseLong(header(record, "ce_sequence"));
          if (sequence > Long.parseLong(last.getProperty(source, "0"))) {
            if (header(record, "ce_type").equals("daybook.deal.won.v1")) {  // others are passed over, later ones too
              var deal = new ObjectMapper().readTree(record.value()).get("record");
              System.out.printf("won: %s %s %s%n", deal.get("title").asText(), deal.get("value").asText(),
                  deal.get("currency").asText());
            }
            last.setProperty(source, Long.toString(sequence));
            var fresh = Path.of(state + ".new");
            try (var out = Files.newBufferedWriter(fresh)) { last.store(out, null); }
            Files.move(fresh, state, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
          }
          consumer.commitSync(Map.of(new TopicPartition(record.topic(), record.partition()),
              new OffsetAndMetadata(record.offset() + 1)));
        }
      }
    } catch (WakeupException stopped) {
    }
  }
}
