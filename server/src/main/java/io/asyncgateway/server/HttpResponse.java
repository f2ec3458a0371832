package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.SendEvent;
import io.netty.channel.FileRegion;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one response: which event is legal, what is held back, how much of the announced length is left. Used for an HTTP exchange and for the denial
 * of a WebSocket. Confined to its event loop.
 *
 * <pre>
 *   state      event                       next       on the wire
 *   IDLE       EarlyHints                  IDLE       103
 *   IDLE       ResponseStart               HELD       nothing
 *   HELD       body or file, more          STREAMING  head and part
 *   HELD       body or file, last          COMPLETE   whole response
 *   HELD       ResponseTrailers            COMPLETE   whole response
 *   STREAMING  body or file, more          STREAMING  part
 *   STREAMING  body or file, last          COMPLETE   part and end
 *   STREAMING  ResponseTrailers            COMPLETE   end with trailers
 *   any other pair                         ProtocolViolationException, and no change
 * </pre>
 */
final class HttpResponse {
    enum State {
        IDLE,
        HELD,
        STREAMING,
        COMPLETE,
        ABORTED
    }

    /** A part is passed to the channel in pieces of this size, so that a large event does not exceed the outbound window. */
    private static final int PIECE = 32 * 1024;

    private final HttpStream stream;
    private final HttpExchange exchange;

    private State state = State.IDLE;
    private HttpEvent.@Nullable ResponseStart held;
    private int status;
    private long declared = HeadEncoder.NO_LENGTH;
    private boolean bodyless;
    private boolean close;
    private long bodyBytes;

    /** The part that is on its way; null where none is. */
    private @Nullable ByteBuffer part;

    private int partOffset;
    private boolean partIsLast;
    private boolean sendingFile;
    private @Nullable FileRegion region;

    HttpResponse(HttpStream stream, HttpExchange exchange) {
        this.stream = stream;
        this.exchange = exchange;
    }

    State state() {
        return state;
    }

    /** The status that was sent or is held; 0 where there is none. */
    int status() {
        return status;
    }

    long bodyBytes() {
        return bodyBytes;
    }

    /** Performs an event; {@code false} if it has to wait for {@link #resume()} or for a file. */
    boolean perform(SendEvent event) {
        if (event instanceof HttpEvent.ResponseStart start) {
            return start(start);
        }
        if (event instanceof HttpEvent.ResponseBody body) {
            return body(body);
        }
        if (event instanceof HttpEvent.ResponseFile file) {
            requireStarted(event);
            sendingFile = true;
            FileTransfer.begin(this, exchange, file);
            return false;
        }
        if (event instanceof HttpEvent.ResponseTrailers trailers) {
            requireStarted(event);
            end(trailers.trailers());
            return true;
        }
        if (event instanceof HttpEvent.EarlyHints hints && state == State.IDLE) {
            stream.writer().interim(103, hints.headers());
            return stream.takesHeads();
        }
        throw illegal(event);
    }

    private ProtocolViolationException illegal(SendEvent event) {
        String expected =
                switch (state) {
                    case IDLE -> "EarlyHints or ResponseStart";
                    case HELD, STREAMING -> "ResponseBody, ResponseFile or ResponseTrailers";
                    case COMPLETE, ABORTED -> "nothing, the response is complete";
                };
        return new ProtocolViolationException(
                "send: " + event.getClass().getSimpleName() + " (expected: " + expected + ")");
    }

    private void requireStarted(SendEvent event) {
        if (state != State.HELD && state != State.STREAMING) {
            throw illegal(event);
        }
    }

    private boolean start(HttpEvent.ResponseStart start) {
        if (state != State.IDLE) {
            throw illegal(start);
        }
        long length = HeadEncoder.NO_LENGTH;
        boolean closeAsked = false;
        Headers headers = start.headers();
        for (int i = 0, size = headers.size(); i < size; i++) {
            String name = headers.name(i);
            if (name.length() == 14 && name.equals("content-length")) {
                length = declaredLength(headers.value(i), length);
            } else if (name.length() == 10 && name.equals("connection")) {
                closeAsked |= headers.value(i).equalsIgnoreCase("close");
            }
        }
        declared = length;
        close = closeAsked;
        status = start.status();
        bodyless = exchange.isHead() || hasNoContent();
        held = start;
        state = State.HELD;
        return true;
    }

    private static long declaredLength(String value, long before) {
        long length = -1;
        if (!value.isEmpty() && value.length() <= 18 && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            length = Long.parseLong(value);
        }
        if (length < 0 || before >= 0 && before != length) {
            throw new ProtocolViolationException(
                    "content-length: " + value + " (expected: one number of at most 18 digits)");
        }
        return length;
    }

    private boolean body(HttpEvent.ResponseBody event) {
        requireStarted(event);
        ByteBuffer body = event.body();
        int length = body.remaining();
        checkLength(length);
        boolean last = !event.more();
        if (last && isTooShort(length)) {
            throw abortTooShort(length);
        }
        HttpEvent.ResponseStart start = held;
        if (start != null && last) {
            held = null;
            bodyBytes = bodyless ? 0 : length;
            boolean taken = bodyless || stream.writer().takesWhole(body);
            closeUnless(stream.writer().whole(start, declared, body, keepAlive()));
            if (taken) {
                complete();
                return true;
            }
            state = State.STREAMING;
        } else {
            begin();
            bodyBytes += bodyless ? 0 : length;
        }
        part = body;
        partOffset = 0;
        partIsLast = last;
        return writeParts();
    }

    /** The head of a response in parts, if it has not left yet. */
    private void begin() {
        HttpEvent.ResponseStart start = held;
        if (start != null) {
            held = null;
            closeUnless(stream.writer().start(start, declared, !close && exchange.mayKeepAlive()));
            state = State.STREAMING;
        }
    }

    /** The same before a file that is the whole body, whose length is known now. */
    void beginFile(long length, boolean last) {
        checkLength(length);
        if (held != null && last && declared < 0) {
            declared = length;
        }
        begin();
        bodyBytes += bodyless ? 0 : length;
    }

    boolean isBodyless() {
        return bodyless;
    }

    HttpStream stream() {
        return stream;
    }

    /** Bytes of the file on its way that the kernel has taken. */
    long fileProgress() {
        FileRegion current = region;
        return current == null ? 0 : current.transferred();
    }

    /** The file is on its way. */
    void sending(FileRegion file) {
        region = file;
    }

    boolean isSendingFile() {
        return sendingFile;
    }

    /** The file will not be sent. */
    void fileFailed() {
        sendingFile = false;
    }

    /** The file is through. */
    void endFile(boolean last) {
        sendingFile = false;
        region = null;
        if (last) {
            end(Headers.empty());
        }
    }

    private boolean keepAlive() {
        return !close && exchange.keepAlive();
    }

    private void closeUnless(boolean goesOn) {
        close |= !goesOn;
    }

    private void checkLength(long length) {
        if (declared >= 0 && !bodyless && bodyBytes + length > declared) {
            throw new ProtocolViolationException(
                    "body: " + (bodyBytes + length) + " bytes (expected: content-length " + declared + ")");
        }
    }

    /** Nor has it trailers (RFC 9110 sections 15.3.5 and 15.4.5). */
    private boolean hasNoContent() {
        return status == 204 || status == 304;
    }

    private boolean isTooShort(long length) {
        return declared >= 0 && !bodyless && bodyBytes + length < declared;
    }

    /** Goes on with an event that had to wait, after the channel has become writable; {@code true} if it is through. */
    boolean resume() {
        if (state == State.IDLE) {
            return stream.takesHeads();
        }
        return part == null ? stream.isWritable() : writeParts();
    }

    private boolean writeParts() {
        ByteBuffer body = part;
        if (body == null) {
            return true;
        }
        int length = bodyless ? 0 : body.remaining();
        while (partOffset < length) {
            if (!stream.isWritable()) {
                return false;
            }
            int piece = Math.min(length - partOffset, PIECE);
            partOffset += stream.writer().part(body, partOffset, piece, partIsLast && partOffset + piece == length);
        }
        part = null;
        if (partIsLast) {
            end(Headers.empty());
            return true;
        }
        return stream.isWritable();
    }

    /** The peer is to see that something is missing, and the application what it did wrong. */
    private ProtocolViolationException abortTooShort(long length) {
        ProtocolViolationException violation = new ProtocolViolationException(
                "body: ended after " + (bodyBytes + length) + " bytes (expected: content-length " + declared + ")");
        begin();
        exchange.abort(violation);
        return violation;
    }

    private void end(Headers sent) {
        if (isTooShort(0)) {
            throw abortTooShort(0);
        }
        Headers trailers = hasNoContent() ? Headers.empty() : sent;
        HttpEvent.ResponseStart start = held;
        if (start != null && trailers.isEmpty()) {
            held = null;
            closeUnless(stream.writer().whole(start, declared, EMPTY, keepAlive()));
        } else {
            begin();
            stream.writer().end(trailers);
        }
        closeUnless(!close && keepAlive());
        complete();
    }

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private void complete() {
        state = State.COMPLETE;
        part = null;
    }

    /** Whether the connection can go on after this response. */
    boolean goesOn() {
        return !close;
    }

    /** What the server says in the application's place, where nothing has left yet. */
    void answer(PlainResponse plain) {
        held = null;
        status = plain.start().status();
        bodyless = exchange.isHead();
        ByteBuffer body = bodyless || stream.writer().takesWhole(plain.body()) ? plain.body() : EMPTY;
        bodyBytes = bodyless ? 0 : body.remaining();
        closeUnless(stream.writer().whole(plain.start(), HeadEncoder.NO_LENGTH, body, keepAlive()));
        complete();
    }

    void aborted() {
        if (held != null) {
            status = 0; // it never left
        }
        state = State.ABORTED;
        held = null;
        part = null;
    }
}
