package io.asyncgateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** Many threads that offer and send at once, over a transport that completes in every way there is. */
class OutboundConcurrencyTest {
    private static final int THREADS = 4;
    private static final int MESSAGES = 5_000;

    private final Transport transport = new Transport();
    private final Outbound outbound = new Outbound(new Owner(), transport, SessionOptions.defaults());

    @AfterEach
    void stop() {
        transport.loop.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void everyMessageOfAQueueThatIsLargeEnoughLeavesInOrder(Way way) throws Exception {
        transport.way = way;
        List<OutboundQueue> queues = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            queues.add(outbound.open(
                    QueueOptions.defaults().withMaxMessages(MESSAGES).withPolicy(OverflowPolicy.DROP_NEWEST)));
        }
        together(thread -> {
            for (int i = 0; i < MESSAGES; i++) {
                queues.get(thread).offer(message(thread, i));
            }
        });
        await().until(() -> transport.sent() == THREADS * MESSAGES);
        transport.assertOneAtATime();
        transport.assertAscending();
        for (OutboundQueue queue : queues) {
            await().until(() -> queue.statistics().waiting() == 0);
            assertThat(queue.statistics()).isEqualTo(new QueueStatistics(MESSAGES, MESSAGES, 0, 0, 0, 0));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aQueueForManyThreadsLosesNothingButWhatItCounts(Way way) throws Exception {
        transport.way = way;
        for (OverflowPolicy policy : List.of(OverflowPolicy.DROP_OLDEST, OverflowPolicy.DROP_NEWEST)) {
            transport.forget();
            AtomicLong observed = new AtomicLong();
            OutboundQueue queue = outbound.open(QueueOptions.defaults()
                    .withMaxMessages(8)
                    .withPolicy(policy)
                    .withObserver((from, message) -> observed.incrementAndGet()));
            together(thread -> {
                for (int i = 0; i < MESSAGES; i++) {
                    queue.offer(message(thread, i));
                    QueueStatistics now = queue.statistics();
                    assertThat(now.offered()).isEqualTo(now.sent() + now.dropped() + now.discarded() + now.waiting());
                    assertThat(now.waiting()).isLessThanOrEqualTo(9);
                }
            });
            await().until(() -> queue.statistics().waiting() == 0);
            QueueStatistics end = queue.statistics();
            assertThat(end.offered()).isEqualTo((long) THREADS * MESSAGES);
            assertThat(end.sent()).isEqualTo(transport.sent());
            assertThat(end.dropped()).isEqualTo(observed.get()).isEqualTo(end.offered() - end.sent());
        }
        transport.assertOneAtATime();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void everySendThatIsWaitedForCompletes(Way way) throws Exception {
        transport.way = way;
        AtomicInteger completed = new AtomicInteger();
        together(thread -> {
            for (int i = 0; i < MESSAGES / 10; i++) {
                DirectSend.of(outbound, message(thread, i)).block(Duration.ofSeconds(30));
                completed.incrementAndGet();
            }
        });
        assertThat(completed).hasValue(THREADS * MESSAGES / 10);
        assertThat(transport.sent()).isEqualTo(THREADS * MESSAGES / 10);
        transport.assertOneAtATime();
        transport.assertAscending();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aPolicyThatDisconnectsStrikesOnce(Way way) throws Exception {
        transport.way = way;
        OutboundQueue queue = outbound.open(QueueOptions.defaults().withMaxMessages(2));
        together(thread -> {
            for (int i = 0; i < MESSAGES; i++) {
                queue.offer(message(thread, i));
            }
        });
        if (queue.isClosed()) {
            await().until(() -> transport.closes.get() == 1);
            assertThat(queue.statistics().dropped()).isBetween(1L, (long) THREADS);
        }
        QueueStatistics end = queue.statistics();
        assertThat(end.offered()).isEqualTo((long) THREADS * MESSAGES);
        assertThat(end.offered()).isEqualTo(end.sent() + end.dropped() + end.discarded() + end.waiting());
        transport.assertOneAtATime();
    }

    @Test
    void theEndFailsWhoWaitsAndKeepsNothing() throws Exception {
        transport.way = Way.ANY;
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger completed = new AtomicInteger();
        OutboundQueue queue =
                outbound.open(QueueOptions.defaults().withMaxMessages(MESSAGES).withPolicy(OverflowPolicy.DROP_OLDEST));
        together(thread -> {
            for (int i = 0; i < MESSAGES; i++) {
                if (thread == 0 && i == MESSAGES / 2) {
                    outbound.end();
                }
                queue.offer(message(thread, i));
                DirectSend.of(outbound, message(THREADS + thread, i))
                        .subscribe(
                                nothing -> {},
                                failure -> {
                                    assertThat(failure)
                                            .isInstanceOfAny(
                                                    DisconnectedException.class, OutboundOverflowException.class);
                                    failed.incrementAndGet();
                                },
                                completed::incrementAndGet);
            }
        });
        await().until(() -> failed.get() + completed.get() == THREADS * MESSAGES);
        await().until(() -> queue.statistics().waiting() == 0);
        assertThat(queue.isClosed()).isTrue();
        transport.assertOneAtATime();
        int sent = transport.sent();
        assertThat(queue.offer(message(0, MESSAGES))).isFalse();
        assertThat(transport.sent()).isEqualTo(sent);
    }

    private static WebSocketEvent.Send message(int source, int number) {
        return WebSocketEvent.Send.text(source + ":" + number);
    }

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void together(Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<java.util.concurrent.Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                ends.add(threads.submit(() -> {
                    start.await();
                    work.run(thread);
                    return null;
                }));
            }
            start.countDown();
            for (java.util.concurrent.Future<?> end : ends) {
                end.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** When a send completes. */
    private enum Way {
        AT_ONCE,
        ON_THE_LOOP,
        ANY
    }

    /** Completes each send at once, or on a thread of its own, which may be sooner than the subscription returns. */
    private static final class Transport implements Send {
        private final ExecutorService loop = Executors.newSingleThreadExecutor();
        private final AtomicInteger outstanding = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final AtomicInteger closes = new AtomicInteger();
        private final List<String> sent = new ArrayList<>();
        private volatile Way way = Way.ANY;

        @Override
        public Mono<Void> send(SendEvent event) {
            return Mono.create(sink -> {
                most.accumulateAndGet(outstanding.incrementAndGet(), Math::max);
                if (event instanceof WebSocketEvent.Send message) {
                    synchronized (sent) {
                        sent.add(((WebSocketMessage.Text) message.message()).text());
                    }
                } else {
                    closes.incrementAndGet();
                }
                boolean now = way == Way.AT_ONCE
                        || way == Way.ANY && ThreadLocalRandom.current().nextBoolean();
                Runnable end = () -> {
                    outstanding.decrementAndGet();
                    sink.success();
                };
                if (now) {
                    end.run();
                } else {
                    loop.execute(end);
                }
            });
        }

        int sent() {
            synchronized (sent) {
                return sent.size();
            }
        }

        void forget() {
            synchronized (sent) {
                sent.clear();
            }
        }

        void assertOneAtATime() {
            assertThat(most).hasValue(1);
        }

        void assertAscending() {
            Map<String, Integer> last = new HashMap<>();
            synchronized (sent) {
                for (String text : sent) {
                    String[] parts = text.split(":");
                    int number = Integer.parseInt(parts[1]);
                    assertThat(number).isEqualTo(last.getOrDefault(parts[0], -1) + 1);
                    last.put(parts[0], number);
                }
            }
        }
    }

    private static final class Owner implements Outbound.Owner {
        @Override
        public WebSocketSession session() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void closing(WebSocketEvent.Close close) {}

        @Override
        public void closeSent() {}
    }
}
