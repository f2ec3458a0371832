package io.asyncgateway.samples;

import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.ResponseFile;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.LifespanApplication;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.StateKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A file that the lifespan makes at start-up and removes at shutdown, sent by the server without a copy of its own. It begins with the
 * {@link Pattern} and is a hole from there on, so it takes next to no space on the disk.
 */
final class TemporaryFile {
    /** 1 GiB. */
    static final long SIZE = 1L << 30;

    private static final StateKey<Path> FILE = StateKey.of("temporary file", Path.class);
    private static final int PATTERN = 64 * 1024;

    private TemporaryFile() {}

    /** Files block, so both ends run elsewhere than on the event loop. */
    static LifespanApplication lifespan() {
        return LifespanApplication.of(
                scope -> Mono.fromCallable(TemporaryFile::create)
                        .subscribeOn(Schedulers.boundedElastic())
                        .doOnNext(file -> scope.state().put(FILE, file))
                        .then(),
                scope -> Mono.fromCallable(
                                () -> Files.deleteIfExists(scope.state().require(FILE)))
                        .subscribeOn(Schedulers.boundedElastic())
                        .then());
    }

    /** Sends its first bytes. */
    static Mono<Void> send(HttpScope scope, Send send, long length) {
        @Nullable Path file = scope.state().get(FILE);
        if (file == null) {
            return Http.respond(send, 503, "file: none (expected: a server with lifespan, which makes it)\n");
        }
        ResponseStart start = ResponseStart.of(
                200, "content-type", "application/octet-stream", "content-length", Long.toString(length));
        return send.send(start).then(send.send(new ResponseFile(file, 0, length, false)));
    }

    private static Path create() throws IOException {
        Path file = Files.createTempFile("async-gateway-reference-", ".bin");
        try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.write(Pattern.bytes(PATTERN));
            channel.position(SIZE - 1).write(ByteBuffer.allocate(1));
        }
        return file;
    }
}
