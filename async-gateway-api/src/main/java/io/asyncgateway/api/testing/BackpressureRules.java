package io.asyncgateway.api.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.WebSocketEvent;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What nobody takes is not kept: in both directions the bytes underway are bounded, and a slow side slows the other one down. */
interface BackpressureRules {
    @Test
    default void sendIsHeldBackByAPeerThatDoesNotRead(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok());
        Torrent torrent = new Torrent(bench);
        Step<Void> outstanding = torrent.untilOutstanding(torrent.part(actor));
        torrent.assertReceived(exchange, torrent.sent());
        outstanding.await();
        actor.send(HttpEvent.ResponseBody.last());
        assertTrue(exchange.awaitResponse().complete());
    }

    @Test
    default void aWebSocketSendIsHeldBackByAPeerThatDoesNotRead(Bench bench) throws Exception {
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        Actor actor = bench.actor();
        actor.receive(WebSocketEvent.Connect.class);
        actor.send(new WebSocketEvent.Accept());
        assertTrue(webSocket.accepted());
        Torrent torrent = new Torrent(bench);
        Step<Void> outstanding = torrent.untilOutstanding(torrent.message(actor));
        for (long offset = 0; offset < torrent.sent(); offset += Torrent.PART) {
            ConformanceClient.Message message = webSocket.receive();
            assertEquals(ConformanceClient.Message.Kind.BINARY, message.kind());
            Torrent.assertPattern(Payloads.bytes(message.payload()), Torrent.PART, offset);
        }
        outstanding.await();
    }

    @Test
    default void aPeerIsHeldBackByAnApplicationThatDoesNotReceive(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.post();
        Actor actor = bench.actor();
        Flood flood = Flood.of(bench, offset -> exchange.write(Payloads.pattern(offset, Torrent.PART)));
        long received = 0;
        long pushed = flood.awaitHeldBack();
        while (received < pushed) {
            byte[] part = Payloads.bytes(actor.receive(HttpEvent.Request.class).body());
            Torrent.assertPattern(part, part.length, received);
            received += part.length;
        }
        Bench.eventually("the peer goes on when the application has received", () -> flood.pushed() > pushed);
        exchange.abort();
    }

    @Test
    default void aWebSocketPeerIsHeldBackByAnApplicationThatDoesNotReceive(Bench bench) throws Exception {
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        Actor actor = bench.actor();
        actor.receive(WebSocketEvent.Connect.class);
        actor.send(new WebSocketEvent.Accept());
        assertTrue(webSocket.accepted());
        Flood flood = Flood.of(bench, offset -> webSocket.sendBinary(Payloads.pattern(offset, Torrent.PART)));
        long pushed = flood.awaitHeldBack();
        for (long received = 0; received < pushed; received += Torrent.PART) {
            byte[] message = Payloads.bytes(
                    actor.receive(WebSocketEvent.Receive.class).message().payload());
            assertEquals(Torrent.PART, message.length);
            Torrent.assertPattern(message, message.length, received);
        }
        Bench.eventually("the peer goes on when the application has received", () -> flood.pushed() > pushed);
        webSocket.abort();
    }

    @Test
    default void anAnswerDoesNotWaitForABodyThatNobodyReceives(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.post();
        byte[] part = new byte[1024];
        Arrays.fill(part, (byte) 'x');
        exchange.write(part);
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.more("answer"));
        byte[] answer = new byte[16];
        assertEquals(6, exchange.read(answer));
        exchange.write("end");
        exchange.finish();
        assertEquals(1024 + 3, actor.receiveRest().length());
        actor.send(HttpEvent.ResponseBody.last());
        assertTrue(exchange.awaitResponse().complete());
        assertFalse(actor.isCancelled());
    }
}
