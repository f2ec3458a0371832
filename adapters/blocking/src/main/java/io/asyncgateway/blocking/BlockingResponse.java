package io.asyncgateway.blocking;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A response: status, header fields and a body in one of several forms. Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * BlockingResponse.text("hello\n");                                           // a text
 * BlockingResponse.of(200).header("content-type", "image/png").body(bytes);   // bytes
 * BlockingResponse.of(200).body(Path.of("report.pdf"));                       // a file; the server sends it, and no thread waits for that
 * BlockingResponse.of(200).body(connection.getInputStream());                 // whatever a stream yields; it is closed
 * BlockingResponse.of(200).body(out -> rows.forEach(row -> write(row, out))); // whatever is written, as fast as the client takes it
 * BlockingResponse.of(204).onClose(transaction::end);
 * }</pre>
 *
 * <p>No form but the first two holds a body in memory. A response to {@code HEAD} has no body: streams, iterators and writers are closed or left out without
 * being used.
 *
 * <p>Framing is the server's. A text, bytes and a file get a {@code content-length}, as does what a writer has written into one part; anything else has
 * none unless it is given.
 */
public final class BlockingResponse {
    private static final HttpEvent.ResponseStart TEXT =
            HttpEvent.ResponseStart.of(200, "content-type", "text/plain; charset=utf-8");

    private static final ResponseContent NONE = new ResponseContent.Bytes(ByteBuffer.allocate(0));

    private final HttpEvent.ResponseStart start;
    private final ResponseContent content;
    private final List<Runnable> hooks;

    private BlockingResponse(HttpEvent.ResponseStart start, ResponseContent content, List<Runnable> hooks) {
        this.start = start;
        this.content = content;
        this.hooks = hooks;
    }

    /**
     * A response without header fields and without a body.
     *
     * @param status 200 to 599
     * @return the response
     * @throws IllegalArgumentException if the status is not valid
     */
    public static BlockingResponse of(int status) {
        return new BlockingResponse(new HttpEvent.ResponseStart(status), NONE, List.of());
    }

    /**
     * 200 with a text, as {@code text/plain; charset=utf-8}.
     *
     * @param text the body
     * @return the response
     */
    public static BlockingResponse text(String text) {
        return new BlockingResponse(TEXT, bytes(text), List.of());
    }

    /**
     * A text as {@code text/plain; charset=utf-8}.
     *
     * @param status 200 to 599
     * @param text the body
     * @return the response
     * @throws IllegalArgumentException if the status is not valid
     */
    public static BlockingResponse text(int status, String text) {
        return new BlockingResponse(new HttpEvent.ResponseStart(status, TEXT.headers()), bytes(text), List.of());
    }

    private static ResponseContent bytes(String text) {
        return new ResponseContent.Bytes(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    /**
     * The same with one more header field.
     *
     * @param name its name
     * @param value its value
     * @return a changed copy
     * @throws IllegalArgumentException if name or value is not valid
     */
    public BlockingResponse header(String name, String value) {
        return headers(start.headers().toBuilder().add(name, value).build());
    }

    /**
     * The same with other header fields.
     *
     * @param headers all of them
     * @return a changed copy
     */
    public BlockingResponse headers(Headers headers) {
        return new BlockingResponse(new HttpEvent.ResponseStart(start.status(), headers), content, hooks);
    }

    /**
     * The same with bytes as its body.
     *
     * @param bytes the body; must not be changed until the response is complete
     * @return a changed copy
     */
    public BlockingResponse body(byte[] bytes) {
        return content(new ResponseContent.Bytes(ByteBuffer.wrap(bytes)));
    }

    /**
     * The same with a text in UTF-8 as its body. Sets no {@code content-type}.
     *
     * @param text the body
     * @return a changed copy
     */
    public BlockingResponse body(String text) {
        return content(bytes(text));
    }

    /**
     * The same with a file as its body. The server sends it; a thread of the pool waits for that only where there is a close hook. One that can't be opened is
     * answered with 500.
     *
     * @param file a regular file
     * @return a changed copy
     */
    public BlockingResponse body(Path file) {
        return content(new ResponseContent.WholeFile(Objects.requireNonNull(file, "file")));
    }

    /**
     * The same with a stream as its body. What one {@code read} yields is sent before the next; the stream is closed in any case.
     *
     * @param stream the body
     * @return a changed copy
     */
    public BlockingResponse body(InputStream stream) {
        return content(
                new ResponseContent.Stream(Objects.requireNonNull(stream, "stream"), ResponseContent.Stream.UNKNOWN));
    }

    /**
     * The same with a stream of known length as its body.
     *
     * @param stream the body
     * @param length its bytes, sent as {@code content-length}
     * @return a changed copy
     * @throws IllegalArgumentException if the length is negative
     */
    public BlockingResponse body(InputStream stream, long length) {
        if (length < 0) {
            throw new IllegalArgumentException("length: " + length + " (expected: >= 0)");
        }
        return content(new ResponseContent.Stream(Objects.requireNonNull(stream, "stream"), length));
    }

    /**
     * The same with chunks as its body. Each is sent before the next is asked for. Where the iterator is {@link AutoCloseable} it is closed in any case.
     *
     * @param chunks the body; empty ones are left out
     * @return a changed copy
     */
    public BlockingResponse body(Iterator<byte[]> chunks) {
        return content(new ResponseContent.Chunks(Objects.requireNonNull(chunks, "chunks")));
    }

    /**
     * The same with chunks as its body. Each is sent before the next is asked for. The stream is closed in any case.
     *
     * @param chunks the body; empty ones are left out
     * @return a changed copy
     */
    public BlockingResponse body(Stream<byte[]> chunks) {
        return body(chunks.iterator()).onClose(chunks::close);
    }

    /**
     * The same with whatever is written as its body.
     *
     * @param writer is called on the thread of the request, after {@link BlockingApplication#handle} has returned
     * @return a changed copy
     */
    public BlockingResponse body(BodyWriter writer) {
        return content(new ResponseContent.Written(Objects.requireNonNull(writer, "writer")));
    }

    private BlockingResponse content(ResponseContent other) {
        return new BlockingResponse(start, other, hooks);
    }

    /**
     * The same with something to close. See {@link BlockingRequest#onClose}.
     *
     * @param hook runs once, when the response is over, however that ends
     * @return a changed copy
     */
    public BlockingResponse onClose(Runnable hook) {
        Objects.requireNonNull(hook, "hook");
        return new BlockingResponse(
                start, content, Stream.concat(hooks.stream(), Stream.of(hook)).toList());
    }

    /**
     * The status.
     *
     * @return 200 to 599
     */
    public int status() {
        return start.status();
    }

    /**
     * The header fields.
     *
     * @return the fields that the application has set
     */
    public Headers headers() {
        return start.headers();
    }

    /**
     * Writes the body somewhere, for a test of an application without a server. Once, where it is a stream or an iterator.
     *
     * @param out takes the body; is not closed
     * @throws Exception as the form of the body has it
     */
    public void writeTo(OutputStream out) throws Exception {
        content.writeTo(out);
    }

    HttpEvent.ResponseStart start() {
        return start;
    }

    ResponseContent content() {
        return content;
    }

    List<Runnable> hooks() {
        return hooks;
    }

    @Override
    public String toString() {
        return "response " + status();
    }
}
