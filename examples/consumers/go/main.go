// Prints won deals from the public topic: go run . BROKERS TOPIC STATE_FILE
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	last := map[string]uint64{} // source → sequence of its last event, so that a repeat is known after a restart as well
	if text, err := os.ReadFile(os.Args[3]); err == nil {
		check(json.Unmarshal(text, &last))
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	client, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(os.Args[1], ",")...), kgo.ConsumerGroup("won-deals-go"),
		kgo.ConsumeTopics(os.Args[2]), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.DisableAutoCommit(),
		kgo.SessionTimeout(10*time.Second))
	check(err)
	defer client.Close()
	for ctx.Err() == nil {
		client.PollFetches(ctx).EachRecord(func(record *kgo.Record) {
			header := map[string]string{}
			for _, h := range record.Headers {
				header[h.Key] = string(h.Value)
			}
			sequence, _ := strconv.ParseUint(header["ce_sequence"], 10, 64)
			if sequence > last[header["ce_source"]] {
				if header["ce_type"] == "daybook.deal.won.v1" { // others are passed over, those of later versions too
					var data struct {
						Record struct{ Title, Value, Currency string }
					}
					check(json.Unmarshal(record.Value, &data))
					fmt.Println("won:", data.Record.Title, data.Record.Value, data.Record.Currency)
				}
				last[header["ce_source"]] = sequence
				text, _ := json.Marshal(last)
				check(os.WriteFile(os.Args[3]+".new", text, 0o600))
				check(os.Rename(os.Args[3]+".new", os.Args[3]))
			}
			check(client.CommitRecords(context.Background(), record))
		})
	}
}
