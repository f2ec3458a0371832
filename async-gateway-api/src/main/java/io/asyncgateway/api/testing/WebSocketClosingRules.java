package io.asyncgateway.api.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.WebSocketEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The end of a WebSocket, by the peer, by the application, or by its failure. */
interface WebSocketClosingRules {
    @ParameterizedTest
    @CsvSource({"1000, ''", "1000, bye", "1001, ''", "3000, caf\u00e9", "4999, ''"})
    default void aCloseOfThePeerIsADisconnectWithItsCodeAndReason(int code, String reason, Bench bench)
            throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        Step<ReceiveEvent> pull = pair.actor.receiving();
        pair.client.sendClose(code, reason);
        WebSocketEvent.Disconnect disconnect = new WebSocketEvent.Disconnect(code, reason);
        assertEquals(disconnect, pull.await());
        assertEquals(disconnect, pair.actor.receive());
        assertEquals(disconnect, pair.actor.receive());
        Step.of("disconnected()", pair.actor.request().disconnected()).await();
        ConformanceClient.Message answer = pair.client.receive();
        assertEquals(ConformanceClient.Message.Kind.CLOSE, answer.kind());
        assertEquals(code, answer.code());
        pair.assertEnded();
        pair.actor.complete();
    }

    @Test
    default void aCloseWithoutACodeIs1005(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        Step<ReceiveEvent> pull = pair.actor.receiving();
        pair.client.sendFrame(ConformanceClient.WebSocket.CLOSE, true, new byte[0]);
        assertEquals(new WebSocketEvent.Disconnect(1005, ""), pull.await());
        assertEquals(new WebSocketEvent.Disconnect(1005, ""), pair.actor.receive());
        assertEquals(ConformanceClient.Message.Kind.CLOSE, pair.client.receive().kind());
    }

    @Test
    default void anEndWithoutACloseIs1006(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        Step<ReceiveEvent> pull = pair.actor.receiving();
        pair.client.abort();
        assertEquals(new WebSocketEvent.Disconnect(1006, ""), pull.await());
        assertEquals(new WebSocketEvent.Disconnect(1006, ""), pair.actor.receive());
        Step.of("disconnected()", pair.actor.request().disconnected()).await();
        pair.actor.sendFails(DisconnectedException.class, WebSocketEvent.Send.text("late"));
    }

    @Test
    default void messagesBeforeTheCloseAreStillReceived(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        pair.client.sendText("one");
        pair.client.sendText("two");
        pair.client.sendClose(1000, "");
        for (String text : new String[] {"one", "two"}) {
            WebSocketEvent.Receive received = pair.actor.receive(WebSocketEvent.Receive.class);
            assertEquals(text, Payloads.text(received.message().payload()));
        }
        assertEquals(1000, pair.actor.receive(WebSocketEvent.Disconnect.class).code());
    }

    @Test
    default void sendAfterTheCloseOfThePeerFails(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        pair.client.sendClose(1000, "");
        assertEquals(1000, pair.actor.receive(WebSocketEvent.Disconnect.class).code());
        pair.actor.sendFails(DisconnectedException.class, WebSocketEvent.Send.text("late"));
        pair.actor.sendFails(DisconnectedException.class, WebSocketEvent.Send.text("late"));
    }

    @Test
    default void anOutstandingWebSocketSendFailsWhenThePeerGoes(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        Torrent torrent = new Torrent(bench);
        Step<Void> outstanding = torrent.untilOutstanding(torrent.message(pair.actor));
        pair.client.abort();
        outstanding.awaitFailure(DisconnectedException.class);
    }

    @Test
    default void aCloseOfTheApplicationReachesThePeerAndItsAnswerIsTheDisconnect(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        Step<ReceiveEvent> pull = pair.actor.receiving();
        pair.actor.send(WebSocketEvent.Send.text("last"), new WebSocketEvent.Close(4001, "caf\u00e9"));
        assertEquals("last", pair.client.receive().text());
        assertFalse(pull.isDone());
        ConformanceClient.Message close = pair.assertClosed(4001);
        assertEquals("caf\u00e9", close.text());
        assertEquals(
                4001,
                assertInstanceOf(WebSocketEvent.Disconnect.class, pull.await()).code());
        assertEquals(4001, pair.actor.receive(WebSocketEvent.Disconnect.class).code());
        pair.assertEnded();
        pair.actor.complete();
    }

    @Test
    default void messagesAfterTheCloseOfTheApplicationAreDropped(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        Step<Void> disconnected = Step.of("disconnected()", pair.actor.request().disconnected());
        pair.actor.send(new WebSocketEvent.Close(4001));
        pair.client.sendText("dropped");
        pair.assertClosed(4001);
        assertEquals(4001, pair.actor.receive(WebSocketEvent.Disconnect.class).code());
        pair.assertEnded();
        assertFalse(disconnected.isDone());
        assertFalse(pair.actor.isCancelled());
        pair.actor.complete();
    }

    @Test
    default void sendAfterTheCloseOfTheApplicationFails(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        pair.actor.send(new WebSocketEvent.Close());
        pair.actor.sendFails(ProtocolViolationException.class, WebSocketEvent.Send.text("late"));
        pair.actor.sendFails(ProtocolViolationException.class, new WebSocketEvent.Close());
        pair.assertClosed(1000);
        pair.assertEnded();
    }

    @Test
    default void aFailureOfTheApplicationIs1011(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        pair.actor.fail(new IllegalStateException(Fault.SECRET));
        ConformanceClient.Message close = pair.assertClosed(1011);
        assertFalse(close.text().contains(Fault.SECRET));
        pair.assertEnded();
    }

    @Test
    default void aRequestExceptionAfterTheAcceptTellsThePeerNothing(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        pair.actor.fail(new RequestException(422, Fault.SECRET));
        assertFalse(pair.assertClosed(1008).text().contains(Fault.SECRET));
        pair.assertEnded();
    }

    @Test
    default void anApplicationThatEndsLeavesA1000(Bench bench) throws Exception {
        WebSocketPair pair = WebSocketPair.open(bench);
        pair.actor.send(WebSocketEvent.Send.text("last"));
        pair.actor.complete();
        assertEquals("last", pair.client.receive().text());
        pair.assertClosed(1000);
        pair.assertEnded();
    }
}
