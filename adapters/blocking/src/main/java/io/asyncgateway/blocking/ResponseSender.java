package io.asyncgateway.blocking;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.ResponseBody;
import io.asyncgateway.api.HttpEvent.ResponseFile;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Sends a response, all but its last event: that is what {@link #send} returns, to be subscribed once. On the worker. */
final class ResponseSender {
    private static final Logger LOG = LoggerFactory.getLogger(BlockingApplication.class);
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final BlockingExchange exchange;
    private final int partSize;

    ResponseSender(BlockingExchange exchange, int partSize) {
        this.exchange = exchange;
        this.partSize = partSize;
    }

    Mono<Void> send(BlockingResponse response) throws Exception {
        ResponseContent content = response.content();
        ResponseStart start = response.start();
        if (content instanceof ResponseContent.Bytes whole) {
            return Http.respond(exchange.channel(), start, whole.bytes());
        }
        if (content instanceof ResponseContent.WholeFile file) {
            return exchange.channel().send(start).then(exchange.channel().send(ResponseFile.last(file.file())));
        }
        try {
            return stream(start, content);
        } finally {
            close(content);
        }
    }

    private Mono<Void> stream(ResponseStart start, ResponseContent content) throws Exception {
        ResponseStart head = start;
        boolean known = start.headers().contains("content-length");
        if (content instanceof ResponseContent.Stream stream && stream.length() >= 0 && !known) {
            head = withLength(start, stream.length());
            known = true;
        }
        if (exchange.scope().method().equals("HEAD")) {
            return headAlone(head, known);
        }
        ResponseStream out = new ResponseStream(exchange, head, partSize);
        if (content instanceof ResponseContent.Stream stream) {
            copy(stream.in(), out);
            return end(out, EMPTY);
        }
        if (content instanceof ResponseContent.Chunks chunks) {
            return end(out, allButTheLast(chunks.chunks(), out));
        }
        content.writeTo(out);
        return end(out, out.rest());
    }

    private static ResponseStart withLength(ResponseStart start, long length) {
        Headers headers = start.headers().toBuilder()
                .add("content-length", Long.toString(length))
                .build();
        return new ResponseStart(start.status(), headers);
    }

    /** The head as GET would have it: without a length where that is not known. */
    private Mono<Void> headAlone(ResponseStart start, boolean lengthIsKnown) {
        if (lengthIsKnown) {
            return Http.respond(exchange.channel(), start, EMPTY);
        }
        return exchange.channel()
                .send(start)
                .then(exchange.channel().send(ResponseBody.more(EMPTY)))
                .then(exchange.channel().send(ResponseBody.last()));
    }

    private void copy(InputStream in, ResponseStream out) throws IOException {
        byte[] part = new byte[partSize];
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
            if (count > 0) {
                out.send(ByteBuffer.wrap(part, 0, count));
            }
        }
    }

    /** Sends the chunks as they come but for the last, which is returned. */
    private static ByteBuffer allButTheLast(Iterator<byte[]> chunks, ResponseStream out) throws IOException {
        ByteBuffer last = EMPTY;
        while (chunks.hasNext()) {
            ByteBuffer chunk = ByteBuffer.wrap(chunks.next());
            if (!chunks.hasNext()) {
                last = chunk;
            } else if (chunk.hasRemaining()) {
                out.send(chunk);
            }
        }
        return last;
    }

    private Mono<Void> end(ResponseStream out, ByteBuffer rest) {
        return out.hasBegun()
                ? exchange.channel().send(ResponseBody.last(rest))
                : Http.respond(exchange.channel(), out.start(), rest);
    }

    /** What it has sent is sent: a failure of the closing does not change that. */
    private static void close(ResponseContent content) {
        try {
            content.close();
        } catch (Throwable failure) {
            LOG.error("the body of a response can't be closed", failure);
        }
    }
}
