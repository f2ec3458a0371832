package io.asyncgateway.api.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths, responses without a body, files, interim responses and trailers. */
interface FramingRules {
    @Test
    default void aBodyInOneEventHasItsLength(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        bench.actor().send(Payloads.ok(), Payloads.last("caf\u00e9"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("5", response.headers().first("content-length"));
        assertEquals("caf\u00e9", response.text());
    }

    @Test
    default void anEmptyResponseIsComplete(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), HttpEvent.ResponseBody.last());
        ConformanceClient.Response response = exchange.awaitResponse();
        assertTrue(response.complete());
        assertEquals("", response.text());
        actor.complete();
        bench.assertUsable(client);
    }

    @Test
    default void bytesPastTheAnnouncedLengthAreNotSent(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(HttpEvent.ResponseStart.of(200, "content-length", "4"));
        actor.sendFails(ProtocolViolationException.class, Payloads.last("12345"));
        actor.send(Payloads.more("ab"));
        actor.sendFails(ProtocolViolationException.class, Payloads.more("123"));
        actor.sendFails(ProtocolViolationException.class, Payloads.last("123"));
        actor.send(Payloads.last("cd"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("abcd", response.text());
        assertEquals(List.of("4"), response.headers().all("content-length"));
        assertTrue(response.complete());
        actor.complete();
        bench.assertUsable(client);
    }

    @Test
    default void aBodyShorterThanAnnouncedIsCutShort(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(HttpEvent.ResponseStart.of(200, "content-length", "4"), Payloads.more("ab"));
        assertEquals(200, exchange.awaitHead().status());
        // Whether the mistake shows in the send is not laid down; that the peer can tell is.
        actor.sending(HttpEvent.ResponseBody.last()).endsWithin(ConformanceClient.PATIENCE);
        assertFalse(exchange.awaitResponse().complete());
    }

    @Test
    default void aBodyShorterThanAnnouncedIsNeverAWholeResponse(Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(HttpEvent.ResponseStart.of(200, "content-length", "4"));
        actor.sending(Payloads.last("ab")).endsWithin(ConformanceClient.PATIENCE);
        actor.complete();
        assertFalse(isWhole200(exchange));
    }

    @Test
    default void theBodyOfAResponseToHeadIsDropped(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Request head = ConformanceClient.Request.get("/").withMethod("HEAD");
        ConformanceClient.Exchange exchange = client.open(head);
        Actor actor = bench.actor();
        actor.send(
                HttpEvent.ResponseStart.of(200, "content-length", "10"),
                Payloads.more("12345"),
                Payloads.last("67890"));
        assertEquals("10", exchange.awaitResponse().headers().first("content-length"));
        actor.complete();
        exchange = client.open(head);
        actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.more("12345"), Payloads.last("67890"));
        assertEquals(200, exchange.awaitResponse().status());
        actor.complete();
        exchange = client.open(head);
        actor = bench.actor();
        actor.send(HttpEvent.ResponseStart.of(200, "content-length", "10"), HttpEvent.ResponseBody.last());
        assertEquals("10", exchange.awaitResponse().headers().first("content-length"));
        actor.complete();
        bench.assertUsable(client);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    default void theBodyOfAResponseWithoutOneIsDropped(int status, Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(HttpEvent.ResponseStart.of(status, "etag", "\"1\""), Payloads.more("dropped"), Payloads.last("too"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals(status, response.status());
        assertEquals("\"1\"", response.headers().first("etag"));
        assertNull(response.headers().first("transfer-encoding"));
        actor.complete();
        bench.assertUsable(client);
    }

    @Test
    default void aNotModifiedResponseKeepsItsLength(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(HttpEvent.ResponseStart.of(304, "content-length", "10"), HttpEvent.ResponseBody.last());
        assertEquals("10", exchange.awaitResponse().headers().first("content-length"));
        actor.complete();
        bench.assertUsable(client);
    }

    @Test
    default void aFileIsAPartOfTheBody(@TempDir Path folder, Bench bench) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "0123456789");
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(
                Payloads.ok(),
                Payloads.more("<"),
                new HttpEvent.ResponseFile(file, 2, 3, true),
                new HttpEvent.ResponseFile(file, 10, 0, true),
                Payloads.more("|"),
                new HttpEvent.ResponseFile(file, 7, HttpEvent.ResponseFile.TO_END, true),
                Payloads.last(">"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("<234|789>", response.text());
        assertTrue(response.complete());
        actor.complete();
        bench.assertUsable(client);
    }

    @Test
    default void aFileMayBeTheWholeBody(@TempDir Path folder, Bench bench) throws Exception {
        byte[] content = Payloads.pattern(0, 300_000);
        Path file = Files.write(folder.resolve("file"), content);
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(HttpEvent.ResponseStart.of(200, "content-length", "300000"));
        Step<Void> sending = actor.sending(HttpEvent.ResponseFile.last(file));
        ConformanceClient.Response response = exchange.awaitResponse();
        sending.await();
        assertEquals(300_000, response.body().remaining());
        Torrent.assertPattern(Payloads.bytes(response.body()), 300_000, 0);
        assertTrue(response.complete());
        actor.complete();
        exchange = client.open(ConformanceClient.Request.get("/").withMethod("HEAD"));
        actor = bench.actor();
        actor.send(Payloads.ok(), HttpEvent.ResponseFile.last(file));
        assertEquals(200, exchange.awaitResponse().status());
        actor.complete();
        bench.assertUsable(client);
    }

    @Test
    default void aFileIsHeldToTheAnnouncedLength(@TempDir Path folder, Bench bench) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "0123456789");
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(HttpEvent.ResponseStart.of(200, "content-length", "5"));
        actor.sendFails(ProtocolViolationException.class, HttpEvent.ResponseFile.last(file));
        actor.send(new HttpEvent.ResponseFile(file, 0, 5, false));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("01234", response.text());
        assertTrue(response.complete());
        actor.complete();
        bench.assertUsable(client);
    }

    @Test
    default void aFileThatCantBeSentLeavesTheStartHeld(@TempDir Path folder, Bench bench) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "0123456789");
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.send(new HttpEvent.ResponseStart(201));
        actor.sendFails(UncheckedIOException.class, HttpEvent.ResponseFile.last(folder.resolve("missing")));
        actor.sendFails(ProtocolViolationException.class, new HttpEvent.ResponseFile(file, 5, 6, true));
        actor.sendFails(ProtocolViolationException.class, new HttpEvent.ResponseFile(file, 11, 1, true));
        assertTrue(exchange.silent(Bench.QUIET));
        actor.send(Payloads.last("body"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals(201, response.status());
        assertEquals("body", response.text());
        assertTrue(response.complete());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "+1", "1.0", "0x1", "1, 1", "1234567890123456789"})
    default void aLengthMustBeANumber(String length, Bench bench) throws Exception {
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        actor.sendFails(ProtocolViolationException.class, HttpEvent.ResponseStart.of(410, "content-length", length));
        actor.sendFails(
                ProtocolViolationException.class,
                HttpEvent.ResponseStart.of(410, "content-length", "4", "content-length", "5"));
        actor.send(Payloads.ok(), Payloads.last("body"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals(200, response.status());
        assertEquals("body", response.text());
    }

    @Test
    default void hintsComeBeforeTheResponse(Bench bench) throws Exception {
        bench.needs(ConformanceCapability.EARLY_HINTS);
        ConformanceClient.Exchange exchange = bench.get();
        Actor actor = bench.actor();
        for (String link : List.of("</a>", "</b>")) {
            actor.send(new HttpEvent.EarlyHints(Headers.of("link", link)));
            ConformanceClient.Head hints = exchange.awaitHead();
            assertEquals(103, hints.status());
            assertEquals(link, hints.headers().first("link"));
        }
        actor.send(Payloads.ok(), Payloads.last("body"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals(200, response.status());
        assertNull(response.headers().first("link"));
        assertEquals("body", response.text());
    }

    @Test
    default void trailersFollowTheBody(Bench bench) throws Exception {
        bench.needs(ConformanceCapability.RESPONSE_TRAILERS);
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.get("/"));
        Actor actor = bench.actor();
        actor.send(
                Payloads.ok(),
                Payloads.more("body"),
                new HttpEvent.ResponseTrailers(Headers.of("x-sum", "1", "x-sum", "caf\u00e9")));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("body", response.text());
        assertTrue(response.complete());
        assertEquals(List.of("1", "caf\u00e9"), response.trailers().all("x-sum"));
        assertNull(response.headers().first("x-sum"));
        actor.complete();
        bench.assertUsable(client);
    }

    @Test
    default void trailersThatCantBeSentEndTheResponse(Bench bench) throws Exception {
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange =
                client.open(ConformanceClient.Request.get("/").withMethod("HEAD"));
        Actor actor = bench.actor();
        actor.send(Payloads.ok(), Payloads.more("body"), new HttpEvent.ResponseTrailers(Headers.of("x-sum", "1")));
        assertEquals(200, exchange.awaitResponse().status());
        actor.complete();
        exchange = client.open(ConformanceClient.Request.get("/"));
        actor = bench.actor();
        actor.send(
                HttpEvent.ResponseStart.of(200, "content-length", "4"),
                Payloads.more("body"),
                new HttpEvent.ResponseTrailers(Headers.of("x-sum", "1")));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals("body", response.text());
        assertTrue(response.complete());
        actor.complete();
        bench.assertUsable(client);
    }

    @Test
    default void thePeerIsAskedToContinueWhenTheApplicationFirstReceives(Bench bench) throws Exception {
        bench.needs(ConformanceCapability.EXPECT_CONTINUE);
        ConformanceClient client = bench.client();
        ConformanceClient.Exchange exchange = client.open(ConformanceClient.Request.post("/")
                .with("expect", "100-continue")
                .with("content-length", "4"));
        Actor actor = bench.actor();
        assertTrue(exchange.silent(Bench.QUIET));
        Step<?> pull = actor.receiving();
        assertEquals(100, exchange.awaitHead().status());
        assertFalse(pull.isDone());
        exchange.write("body");
        exchange.finish();
        HttpEvent.Request part = (HttpEvent.Request) pull.await();
        assertEquals("body", part == null ? null : UTF_8.decode(part.body()).toString());
        actor.send(Payloads.ok(), Payloads.last("answer"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals(List.of(), response.interim());
        assertEquals("answer", response.text());
    }

    @Test
    default void aPeerThatWaitsToContinueMayBeAnsweredAtOnce(Bench bench) throws Exception {
        bench.needs(ConformanceCapability.EXPECT_CONTINUE);
        ConformanceClient.Exchange exchange = bench.open(ConformanceClient.Request.post("/")
                .with("expect", "100-continue")
                .with("content-length", "4"));
        bench.actor().send(new HttpEvent.ResponseStart(413), Payloads.last("too large"));
        ConformanceClient.Response response = exchange.awaitResponse();
        assertEquals(413, response.status());
        assertEquals(List.of(), response.interim());
        assertEquals("too large", response.text());
        assertTrue(response.complete());
    }

    private static boolean isWhole200(ConformanceClient.Exchange exchange) {
        try {
            ConformanceClient.Response response = exchange.awaitResponse();
            return response.status() == 200 && response.complete();
        } catch (IOException nothingAtAll) {
            return false;
        }
    }
}
