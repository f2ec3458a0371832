package io.asyncgateway.api.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.api.WebSocketScope;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Messages of an open WebSocket. */
interface WebSocketMessageRules {
    @Test
    default void textGoesBothWays(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        for (String text : new String[] {"hello", "", "caf\u00e9 \u20ac \ud83d\ude00", "x".repeat(70_000)}) {
            pair.client.sendText(text);
            WebSocketMessage received =
                    pair.actor.receive(WebSocketEvent.Receive.class).message();
            assertEquals(
                    text,
                    assertInstanceOf(WebSocketMessage.Text.class, received).text());
            Step<Void> sending = pair.actor.sending(new WebSocketEvent.Send(received));
            ConformanceClient.Message echo = pair.client.receive();
            sending.await();
            assertEquals(ConformanceClient.Message.Kind.TEXT, echo.kind());
            assertEquals(text, echo.text());
        }
    }

    @Test
    default void binaryGoesBothWays(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        for (int length : new int[] {0, 1, 125, 126, 65_535, 65_536, 100_000}) {
            byte[] data = Payloads.pattern(0, length);
            pair.client.sendBinary(data);
            WebSocketMessage received =
                    pair.actor.receive(WebSocketEvent.Receive.class).message();
            assertInstanceOf(WebSocketMessage.Binary.class, received);
            assertArrayEquals(data, Payloads.bytes(received.payload()));
            Step<Void> sending = pair.actor.sending(WebSocketEvent.Send.binary(ByteBuffer.wrap(data)));
            ConformanceClient.Message echo = pair.client.receive();
            sending.await();
            assertEquals(ConformanceClient.Message.Kind.BINARY, echo.kind());
            assertArrayEquals(data, Payloads.bytes(echo.payload()));
        }
    }

    @Test
    default void fragmentsAreOneMessage(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        byte[] text = "caf\u00e9 \u20ac".getBytes(UTF_8);
        Step<ReceiveEvent> pull = pair.actor.receiving();
        pair.client.sendFrame(ConformanceClient.WebSocket.TEXT, false, new byte[0]);
        for (int i = 0; i < text.length; i++) {
            assertFalse(pull.isDone());
            pair.client.sendFrame(ConformanceClient.WebSocket.CONTINUATION, i == text.length - 1, new byte[] {text[i]});
        }
        WebSocketEvent.Receive received = assertInstanceOf(WebSocketEvent.Receive.class, pull.await());
        assertEquals(WebSocketMessage.text("caf\u00e9 \u20ac"), received.message());
    }

    @Test
    default void messagesKeepTheirOrder(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        for (int i = 0; i < 100; i++) {
            pair.client.sendText("in " + i);
        }
        for (int i = 0; i < 100; i++) {
            WebSocketEvent.Receive received = pair.actor.receive(WebSocketEvent.Receive.class);
            assertEquals("in " + i, Payloads.text(received.message().payload()));
            pair.actor.send(WebSocketEvent.Send.text("out " + i));
        }
        for (int i = 0; i < 100; i++) {
            assertEquals("out " + i, pair.client.receive().text());
        }
    }

    @Test
    default void aMessageOfTheLowerLimitPassesAndALargerOneIsA1009(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench, new WebSocketEvent.Accept().withMaxMessageSize(16));
        pair.client.sendText("x".repeat(16));
        assertEquals(
                16,
                pair.actor
                        .receive(WebSocketEvent.Receive.class)
                        .message()
                        .payload()
                        .remaining());
        Step<ReceiveEvent> pull = pair.actor.receiving();
        pair.client.sendText("x".repeat(17));
        pair.assertClosed(1009);
        assertEquals(
                1009,
                assertInstanceOf(WebSocketEvent.Disconnect.class, pull.await()).code());
    }

    @Test
    default void theLowerLimitCountsTheFragmentsOfAMessage(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench, new WebSocketEvent.Accept().withMaxMessageSize(16));
        Step<ReceiveEvent> pull = pair.actor.receiving();
        pair.client.sendFrame(ConformanceClient.WebSocket.BINARY, false, new byte[10]);
        pair.client.sendFrame(ConformanceClient.WebSocket.CONTINUATION, false, new byte[7]);
        pair.assertClosed(1009);
        assertEquals(
                1009,
                assertInstanceOf(WebSocketEvent.Disconnect.class, pull.await()).code());
    }

    @Test
    default void aSecondOutstandingPullOfAWebSocketFailsAtOnceAndTheFirstGoesOn(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        Step<ReceiveEvent> first = pair.actor.receiving();
        pair.actor.receiveFails(ProtocolViolationException.class);
        assertFalse(first.isDone());
        pair.client.sendText("first");
        assertInstanceOf(WebSocketEvent.Receive.class, first.await());
    }

    @Test
    default void aCancelledPullOfAWebSocketLosesNoMessage(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        pair.actor.receiving().cancel();
        pair.client.sendText("kept");
        assertEquals(
                "kept",
                Payloads.text(pair.actor
                        .receive(WebSocketEvent.Receive.class)
                        .message()
                        .payload()));
    }

    @Test
    default void aWebSocketSendIsColdAndSubscribedOnce(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        Mono<Void> unused = pair.actor.send.send(WebSocketEvent.Send.text("unused"));
        Mono<Void> once = pair.actor.send.send(WebSocketEvent.Send.text("once"));
        Step.of("the first subscription", once).await();
        Step.of("the second subscription", once).awaitFailure(ProtocolViolationException.class);
        pair.actor.send(WebSocketEvent.Send.text("end"));
        assertEquals("once", pair.client.receive().text());
        assertEquals("end", pair.client.receive().text());
        assertTrue(unused != once);
    }

    @Test
    default void aSecondOutstandingWebSocketSendFailsAtOnce(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        Torrent torrent = new Torrent(bench);
        Step<Void> outstanding = torrent.untilOutstanding(torrent.message(pair.actor));
        pair.actor.sendFails(ProtocolViolationException.class, WebSocketEvent.Send.text("mistake"));
        assertFalse(outstanding.isDone());
        for (long read = 0; read < torrent.sent(); read += Torrent.PART) {
            assertEquals(Torrent.PART, pair.client.receive().payload().remaining());
        }
        outstanding.await();
        pair.actor.send(WebSocketEvent.Send.text("end"));
        assertEquals("end", pair.client.receive().text());
    }

    @Test
    default void aPongIsASignOfLifeAndNothingElse(Bench bench) throws Exception {
        Instant before = Instant.now();
        WebSocketPair pair = WebSocketPair.open(bench);
        WebSocketScope scope = assertInstanceOf(WebSocketScope.class, pair.actor.scope);
        Instant opened = scope.lastHeard();
        assertFalse(opened.isBefore(before.minusSeconds(2)), () -> opened + " (expected: at most 2 s before " + before);
        assertFalse(opened.isAfter(Instant.now()));
        Step<ReceiveEvent> pull = pair.actor.receiving();
        Instant limit = before.plusSeconds(10);
        while (!scope.lastHeard().isAfter(opened) && Instant.now().isBefore(limit)) {
            pair.client.sendFrame(ConformanceClient.WebSocket.PONG, true, new byte[0]);
            pair.actor.send(WebSocketEvent.Send.text("not yet"));
            assertEquals("not yet", pair.client.receive().text());
        }
        assertTrue(scope.lastHeard().isAfter(opened));
        assertFalse(pull.isDone());
    }
}
