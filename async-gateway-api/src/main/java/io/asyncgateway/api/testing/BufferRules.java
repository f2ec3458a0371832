package io.asyncgateway.api.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who owns a buffer: a received one is the application's for ever, a sent one is its own again when the send has completed. */
interface BufferRules {
    @Test
    default void aReceivedBodyIsTheApplicationsForEver(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.post("/"));
        Actor actor = bench.actor();
        List<ByteBuffer> kept = new ArrayList<>();
        for (String part : List.of("first", "again", "third")) {
            exchange.write(part);
            ByteBuffer body = actor.receive(HttpEvent.Request.class).body();
            assertTrue(body.isReadOnly());
            kept.add(body);
        }
        exchange.finish();
        actor.receiveRest();
        actor.send(Payloads.ok(), Payloads.last("body"));
        actor.complete();
        assertTrue(exchange.awaitResponse().complete());
        ConformanceClient.Exchange other = client.open(ConformanceClient.Request.post("/other"));
        other.write("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
        assertEquals(32, bench.actor().receiveText(32).length());
        assertEquals(
                List.of("first", "again", "third"),
                kept.stream().map(Payloads::text).toList());
    }

    @Test
    default void aReceivedMessageIsTheApplicationsForEver(Bench bench) throws Exception {
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        Actor actor = bench.actor();
        actor.receive(WebSocketEvent.Connect.class);
        actor.send(new WebSocketEvent.Accept());
        assertTrue(webSocket.accepted());
        List<WebSocketMessage> kept = new ArrayList<>();
        for (String part : List.of("first", "again", "third")) {
            webSocket.sendBinary(Payloads.bytes(Payloads.utf8(part)));
            kept.add(actor.receive(WebSocketEvent.Receive.class).message());
        }
        webSocket.sendClose(1000, "");
        assertEquals(1000, actor.receive(WebSocketEvent.Disconnect.class).code());
        for (WebSocketMessage message : kept) {
            assertTrue(message.payload().isReadOnly());
        }
        assertEquals(
                List.of("first", "again", "third"),
                kept.stream().map(message -> Payloads.text(message.payload())).toList());
    }

    @Test
    default void aSentBufferMayBeReusedWhenTheSendHasCompleted(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok());
        byte[] reused = new byte[Torrent.PART];
        Torrent torrent = new Torrent(bench);
        Step<Void> outstanding = torrent.untilOutstanding(offset -> {
            System.arraycopy(Payloads.pattern(offset, Torrent.PART), 0, reused, 0, Torrent.PART);
            return actor.sending(HttpEvent.ResponseBody.more(ByteBuffer.wrap(reused)));
        });
        torrent.assertReceived(exchange, torrent.sent());
        outstanding.await();
    }

    @Test
    default void aSentMessageMayBeReusedWhenTheSendHasCompleted(Bench bench) throws Exception {
        ConformanceClient.WebSocket webSocket = bench.webSocket();
        Actor actor = bench.actor();
        actor.receive(WebSocketEvent.Connect.class);
        actor.send(new WebSocketEvent.Accept());
        byte[] reused = new byte[Torrent.PART];
        Torrent torrent = new Torrent(bench);
        Step<Void> outstanding = torrent.untilOutstanding(offset -> {
            System.arraycopy(Payloads.pattern(offset, Torrent.PART), 0, reused, 0, Torrent.PART);
            return actor.sending(WebSocketEvent.Send.binary(ByteBuffer.wrap(reused)));
        });
        assertTrue(webSocket.accepted());
        for (long offset = 0; offset < torrent.sent(); offset += Torrent.PART) {
            Torrent.assertPattern(Payloads.bytes(webSocket.receive().payload()), Torrent.PART, offset);
        }
        outstanding.await();
    }

    @Test
    default void everyKindOfBufferIsSentFromItsPositionToItsLimit(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(Payloads.ok());
        ByteBuffer whole = Payloads.utf8("--heap--");
        ByteBuffer direct = ByteBuffer.allocateDirect(12).put(Payloads.utf8("--direct----"));
        actor.send(HttpEvent.ResponseBody.more(whole.duplicate().position(2).limit(6)));
        actor.send(HttpEvent.ResponseBody.more(whole.slice(2, 4)));
        actor.send(HttpEvent.ResponseBody.more(direct.duplicate().position(2).limit(8)));
        actor.send(HttpEvent.ResponseBody.more(
                direct.asReadOnlyBuffer().position(2).limit(8)));
        actor.send(HttpEvent.ResponseBody.last());
        assertEquals("heapheapdirectdirect", exchange.awaitResponse().text());
    }

    @Test
    default void oneEventMayBeSentInManyExchanges(Bench bench) throws Exception {
        HttpEvent.ResponseStart start = HttpEvent.ResponseStart.of(200, "content-type", "text/plain");
        HttpEvent.ResponseBody part =
                HttpEvent.ResponseBody.more(Payloads.utf8("part,").asReadOnlyBuffer());
        HttpEvent.ResponseBody body =
                HttpEvent.ResponseBody.last(Payloads.utf8("body").asReadOnlyBuffer());
        ConformanceClient client = bench.client();
        for (int i = 0; i < 3; i++) {
            ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
            Actor actor = bench.actor();
            actor.send(start, part, part, body);
            assertEquals("part,part,body", exchange.awaitResponse().text());
            actor.complete();
        }
    }

    @Test
    default void oneMessageMayBeSentToManyWebSockets(Bench bench) throws Exception {
        WebSocketEvent.Send text = WebSocketEvent.Send.text("to all: \u00e4\u20ac");
        WebSocketEvent.Send binary = WebSocketEvent.Send.binary(Payloads.utf8("to all"));
        byte[] expected = Payloads.bytes(Payloads.utf8("to all"));
        for (int i = 0; i < 2; i++) {
            ConformanceClient.WebSocket webSocket = bench.webSocket();
            Actor actor = bench.actor();
            actor.send(new WebSocketEvent.Accept(), text, binary, text);
            assertTrue(webSocket.accepted());
            assertEquals("to all: \u00e4\u20ac", webSocket.receive().text());
            assertArrayEquals(expected, Payloads.bytes(webSocket.receive().payload()));
            assertEquals("to all: \u00e4\u20ac", webSocket.receive().text());
        }
    }
}
