package io.asyncgateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.asyncgateway.api.WebSocketEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class JsonRouterTest {
    record Say(String text) {}

    record Move(int x, int y) {}

    private final List<OpenSession> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(OpenSession::close);
    }

    private OpenSession open(JsonRouter router) {
        return open(router, SessionOptions.defaults());
    }

    private OpenSession open(JsonRouter router, SessionOptions options) {
        OpenSession open = OpenSession.open(options, router);
        opened.add(open);
        return open;
    }

    private static String say(String text) {
        return "{\"type\":\"say\",\"text\":\"" + text + "\"}";
    }

    /** Handlers that end when the test says so, by the text of their messages. */
    private static final class Slow {
        final List<String> begun = new ArrayList<>();
        final List<String> cancelled = new ArrayList<>();
        private final Map<String, Sinks.Empty<Void>> ends = new ConcurrentHashMap<>();

        JsonRouter router(UnaryOperator<JsonRouter.Builder> change) {
            return change.apply(JsonRouter.builder().on("say", Say.class, (session, say) -> {
                        begun.add(say.text());
                        Sinks.Empty<Void> end = Sinks.empty();
                        ends.put(say.text(), end);
                        return end.asMono().doOnCancel(() -> cancelled.add(say.text()));
                    }))
                    .build();
        }

        void end(String text) {
            ends.get(text).tryEmitEmpty();
        }

        void fail(String text, Throwable failure) {
            ends.get(text).tryEmitError(failure);
        }
    }

    @Test
    void eachMessageGoesToTheHandlerOfItsTypeInItsForm() {
        List<Object> seen = new ArrayList<>();
        JsonRouter router = JsonRouter.builder()
                .on("say", Say.class, (session, say) -> Mono.fromRunnable(() -> seen.add(say)))
                .on("move", Move.class, (session, move) -> Mono.fromRunnable(() -> seen.add(move)))
                .ignore("pong")
                .build();
        OpenSession open = open(router);
        open.driver().text(say("hi"));
        open.driver().text("{\"x\":1,\"nested\":{\"type\":\"say\"},\"y\":2,\"type\":\"move\"}");
        open.driver().text("{\"type\":\"pong\"}");
        open.driver().text("{\"type\":\"\\u0073ay\",\"text\":\"escaped\"}");
        assertThat(seen).containsExactly(new Say("hi"), new Move(1, 2), new Say("escaped"));
        open.driver().expectPull();
        open.driver().disconnect(1000, "");
        open.driver().expectEnd();
    }

    @Test
    void aHandlerAnswersThroughItsSession() {
        OpenSession open = open(JsonRouter.builder()
                .on("say", Say.class, (session, say) -> session.sendJson(new Say(say.text() + "!")))
                .build());
        open.driver().text(say("hi"));
        open.driver().expectText("{\"text\":\"hi!\"}");
    }

    @Test
    void theTypeFieldMayHaveAnotherName() {
        OpenSession open = open(JsonRouter.builder()
                .typeField("kind")
                .on("say", Say.class, (session, say) -> session.sendText(say.text()))
                .build());
        open.driver().text("{\"type\":7,\"kind\":\"say\",\"text\":\"hi\"}");
        open.driver().expectText("hi");
    }

    @Test
    void aFormMayHaveTheTypeItself() {
        record Typed(String type, int number) {}
        OpenSession open = open(JsonRouter.builder()
                .on("a", Typed.class, (session, typed) -> session.sendText(typed.toString()))
                .build());
        open.driver().text("{\"type\":\"a\",\"number\":1}");
        open.driver().expectText("Typed[type=a, number=1]");
    }

    @Test
    void aStrictMapperForgivesTheTypeFieldAndNothingElse() {
        SessionOptions strict = SessionOptions.defaults()
                .withJson(JsonMessages.of(JsonMapper.builder().build()));
        OpenSession open = open(
                JsonRouter.builder()
                        .on("say", Say.class, (session, say) -> session.sendText(say.text()))
                        .onInvalid((session, invalid) -> session.sendText("invalid"))
                        .build(),
                strict);
        open.driver().text(say("hi"));
        open.driver().expectText("hi");
        open.driver().text("{\"type\":\"say\",\"text\":\"hi\",\"more\":1}");
        open.driver().expectText("invalid");
    }

    @Nested
    class WhatDoesNotFit {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "nonsense",
                    "[]",
                    "\"say\"",
                    "{}",
                    "{\"text\":\"without type\"}",
                    "{\"type\":7}",
                    "{\"type\":null}",
                    "{\"type\":\"shout\"}",
                    "{\"type\":\"SAY\",\"text\":\"hi\"}",
                    "{\"type\":\"say\",\"text\":[]}",
                    "{\"type\":\"say\",\"text\":\"hi\"",
                    "{\"type\":\"say\",\"text\":\"hi\"}}",
                    "{\"type\":\"move\",\"x\":1}",
                })
        void closesTheSessionWith1007(String json) {
            OpenSession open = open(JsonRouter.builder()
                    .on("say", Say.class, (session, say) -> Mono.error(new AssertionError("called")))
                    .on("move", Move.class, (session, move) -> Mono.error(new AssertionError("called")))
                    .build());
            open.driver().text(json);
            assertThat(open.driver().expect(WebSocketEvent.Close.class))
                    .isEqualTo(new WebSocketEvent.Close(1007, "invalid message"));
            open.driver().expectEnd();
        }

        @Test
        void isClosedWith1003WhereItIsBinary() {
            OpenSession open = open(JsonRouter.builder().ignore("x").build());
            open.driver().binary(ByteBuffer.allocate(1));
            assertThat(open.driver().expect(WebSocketEvent.Close.class).code()).isEqualTo(1003);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"type\":\"shout\"}        | type: unknown (expected: one of [say, move])",
                    "{\"text\":\"hi\"}           | message: without type (expected: a text in it)",
                    "[]                          | message: not valid (expected: a JSON object)",
                    "{\"type\":\"move\",\"x\":1} | message: not valid (expected: JSON of Move)",
                })
        void canBeAnsweredInItsTurn(String json, String message) {
            OpenSession open = open(JsonRouter.builder()
                    .on("say", Say.class, (session, say) -> session.sendText(say.text()))
                    .on("move", Move.class, (session, move) -> session.sendText("moved"))
                    .onInvalid((session, invalid) -> session.sendText("error: " + invalid.getMessage()))
                    .build());
            open.driver().text(say("before"));
            open.driver().text(json);
            open.driver().text(say("after"));
            open.driver().expectText("before");
            open.driver().expectText("error: " + message);
            open.driver().expectText("after");
        }

        @Test
        void mayAlsoBeFoundByAHandler() {
            OpenSession open = open(JsonRouter.builder()
                    .on(
                            "say",
                            Say.class,
                            (session, say) -> Mono.error(new InvalidMessageException("text: empty (expected: some)")))
                    .onInvalid((session, invalid) -> session.sendText(invalid.getMessage()))
                    .build());
            open.driver().text(say(""));
            open.driver().expectText("text: empty (expected: some)");
        }

        @Test
        void endsTheSessionWhereItsAnswerFails() {
            OpenSession open = open(JsonRouter.builder()
                    .ignore("x")
                    .onInvalid((session, invalid) -> Mono.error(new IllegalStateException("answer")))
                    .build());
            open.driver().text("nonsense");
            open.driver().expectFailure(IllegalStateException.class);
        }
    }

    @Nested
    class Failures {
        @Test
        void ofAHandlerEndTheSession() {
            Slow slow = new Slow();
            OpenSession open = open(slow.router(builder -> builder));
            open.driver().text(say("a"));
            open.driver().text(say("b"));
            slow.fail("a", new IllegalStateException("bug"));
            open.driver().expectFailure(IllegalStateException.class);
            assertThat(slow.begun).containsExactly("a");
        }

        @Test
        void ofAHandlerCanBeAnswered() {
            OpenSession open = open(JsonRouter.builder()
                    .on("say", Say.class, (session, say) -> {
                        throw new IllegalStateException(say.text());
                    })
                    .onFailure((session, failure) -> session.sendText("sorry: " + failure.getMessage()))
                    .build());
            open.driver().text(say("a"));
            open.driver().text(say("b"));
            open.driver().expectText("sorry: a");
            open.driver().expectText("sorry: b");
        }

        @Test
        void aHandlerThatReturnsNothingFails() {
            OpenSession open = open(JsonRouter.builder()
                    .on("say", Say.class, (session, say) -> null)
                    .build());
            open.driver().text(say("a"));
            assertThat(open.driver().expectFailure(NullPointerException.class))
                    .hasMessage("a handler returned null (expected: a Mono)");
        }
    }

    @Nested
    class Order {
        @Test
        void theNextMessageIsHandledWhenTheOneBeforeIsDone() {
            Slow slow = new Slow();
            OpenSession open = open(slow.router(builder -> builder));
            open.driver().text(say("a"));
            open.driver().text(say("b"));
            open.driver().text(say("c"));
            assertThat(slow.begun).containsExactly("a");
            slow.end("a");
            assertThat(slow.begun).containsExactly("a", "b");
            slow.end("b");
            assertThat(slow.begun).containsExactly("a", "b", "c");
        }

        @Test
        void canBeGivenUpWithinABound() {
            Slow slow = new Slow();
            OpenSession open = open(slow.router(builder -> builder.unordered(2)));
            for (String text : List.of("a", "b", "c", "d")) {
                open.driver().text(say(text));
            }
            assertThat(slow.begun).containsExactly("a", "b");
            slow.end("b");
            assertThat(slow.begun).containsExactly("a", "b", "c");
            slow.end("a");
            assertThat(slow.begun).containsExactly("a", "b", "c", "d");
        }

        @Test
        void handlersThatAreDoneAtOnceDoNotNest() {
            int[] handled = {0};
            OpenSession open = open(JsonRouter.builder()
                    .on("say", Say.class, (session, say) -> Mono.fromRunnable(() -> handled[0]++))
                    .build());
            for (int i = 0; i < 10_000; i++) {
                open.driver().text(say("x"));
            }
            assertThat(handled[0]).isEqualTo(10_000);
        }
    }

    @Nested
    class ReadingAhead {
        @Test
        void goesOnWhileAHandlerIsSlowUpToTheBound() {
            Slow slow = new Slow();
            OpenSession open = open(slow.router(builder -> builder.readAhead(2, 1000)));
            open.driver().text(say("running"));
            open.driver().expectPull();
            open.driver().text(say("1"));
            open.driver().expectPull();
            open.driver().text(say("2"));
            open.driver().expectNoPull();
            slow.end("running");
            open.driver().expectPull();
            open.driver().text(say("3"));
            open.driver().expectNoPull();
            assertThat(slow.begun).containsExactly("running", "1");
        }

        @Test
        void isBoundedInBytesToo() {
            Slow slow = new Slow();
            OpenSession open = open(slow.router(builder -> builder.readAhead(100, 60)));
            open.driver().text(say("running"));
            open.driver().text(say("x".repeat(10)));
            open.driver().expectPull();
            open.driver().text(say("y".repeat(1000)));
            open.driver().expectNoPull();
            slow.end("running");
            open.driver().expectNoPull();
            slow.end("x".repeat(10));
            open.driver().expectPull();
        }

        @Test
        void seesThePeerLeaveWhileAHandlerIsSlow() {
            Slow slow = new Slow();
            OpenSession open = open(slow.router(builder -> builder));
            open.driver().text(say("running"));
            open.driver().text(say("waiting"));
            open.driver().disconnect(1001, "");
            open.driver().expectEnd();
            assertThat(slow.begun).containsExactly("running");
            assertThat(slow.cancelled).containsExactly("running");
        }
    }

    @Nested
    class TheBoundOverAllSessions {
        @Test
        void letsSessionsWaitTheirTurnFirstComeFirstServed() {
            Slow slow = new Slow();
            JsonRouter router = slow.router(builder -> builder.maxConcurrency(2));
            OpenSession a = open(router);
            OpenSession b = open(router);
            OpenSession c = open(router);
            OpenSession d = open(router);
            a.driver().text(say("a1"));
            a.driver().text(say("a2"));
            b.driver().text(say("b1"));
            c.driver().text(say("c1"));
            d.driver().text(say("d1"));
            assertThat(slow.begun).containsExactly("a1", "b1");
            slow.end("a1");
            assertThat(slow.begun).containsExactly("a1", "b1", "c1");
            slow.end("b1");
            assertThat(slow.begun).containsExactly("a1", "b1", "c1", "d1");
            slow.end("c1");
            assertThat(slow.begun).containsExactly("a1", "b1", "c1", "d1", "a2");
            slow.end("d1");
            slow.end("a2");
            a.driver().text(say("a3"));
            b.driver().text(say("b2"));
            c.driver().text(say("c2"));
            assertThat(slow.begun).endsWith("a3", "b2");
        }

        @Test
        void isGivenBackByWhoLeaves() {
            Slow slow = new Slow();
            JsonRouter router = slow.router(builder -> builder.maxConcurrency(1));
            OpenSession a = open(router);
            OpenSession b = open(router);
            OpenSession c = open(router);
            a.driver().text(say("a"));
            b.driver().text(say("b"));
            c.driver().text(say("c"));
            b.driver().disconnect(1001, "");
            b.driver().expectEnd();
            a.driver().disconnect(1001, "");
            a.driver().expectEnd();
            assertThat(slow.begun).containsExactly("a", "c");
            slow.end("c");
            c.driver().text(say("c2"));
            assertThat(slow.begun).containsExactly("a", "c", "c2");
        }

        @Test
        void isGivenBackByWhoFails() {
            Slow slow = new Slow();
            JsonRouter router = slow.router(builder -> builder.maxConcurrency(1));
            OpenSession a = open(router);
            OpenSession b = open(router);
            a.driver().text(say("a"));
            b.driver().text(say("b"));
            slow.fail("a", new IllegalStateException("bug"));
            a.driver().expectFailure(IllegalStateException.class);
            assertThat(slow.begun).containsExactly("a", "b");
        }

        @Test
        void handsOverWithoutNesting() {
            JsonRouter router = JsonRouter.builder()
                    .maxConcurrency(1)
                    .on("say", Say.class, (session, say) -> session.sendText(say.text()))
                    .build();
            OpenSession first = open(router);
            first.driver().hold();
            first.driver().text(say("first"));
            for (int i = 0; i < 2_000; i++) {
                open(router).driver().text(say("next"));
            }
            first.driver().expectText("first");
            first.driver().release();
            for (OpenSession next : opened.subList(1, opened.size())) {
                next.driver().expectText("next");
            }
        }
    }

    @Nested
    class Built {
        @Test
        void aTypeHasOneHandler() {
            assertThatThrownBy(() -> JsonRouter.builder().ignore("a").ignore("a"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("type: a (expected: one handler for each type)");
        }

        @Test
        void boundsAreChecked() {
            JsonRouter.Builder builder = JsonRouter.builder();
            assertThatThrownBy(() -> builder.unordered(0)).hasMessage("unordered: 0 (expected: 1-65536)");
            assertThatThrownBy(() -> builder.maxConcurrency(0)).hasMessage("concurrency: 0 (expected: >= 1)");
            assertThatThrownBy(() -> builder.readAhead(0, 1)).hasMessage("read-ahead messages: 0 (expected: 1-65536)");
            assertThatThrownBy(() -> builder.readAhead(1, 0)).hasMessage("read-ahead bytes: 0 (expected: >= 1)");
        }
    }
}
