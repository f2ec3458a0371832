package io.asyncgateway.server;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One {@link HttpEvent.ResponseFile}: the file is opened on Reactor's bounded elastic scheduler, since a disk may block, and sent by the kernel from the event
 * loop.
 */
final class FileTransfer {
    private final HttpResponse response;
    private final HttpExchange exchange;
    private final HttpEvent.ResponseFile event;

    private FileTransfer(HttpResponse response, HttpExchange exchange, HttpEvent.ResponseFile event) {
        this.response = response;
        this.exchange = exchange;
        this.event = event;
    }

    /** Begins; the exchange is told of the end. */
    static void begin(HttpResponse response, HttpExchange exchange, HttpEvent.ResponseFile event) {
        new FileTransfer(response, exchange, event).open();
    }

    /** A channel and the number of bytes to send of it. */
    private record Opened(FileChannel channel, long length) {}

    private void open() {
        Mono.fromCallable(this::openBlocking)
                .subscribeOn(Schedulers.boundedElastic())
                .subscribe(this::opened, failure -> onLoop(() -> failed(unchecked(failure))));
    }

    private void opened(Opened opened) {
        if (!onLoop(() -> send(opened))) {
            new DefaultFileRegion(opened.channel(), 0, 0).release();
        }
    }

    /** {@code false} where the server is gone, and its connections with it. */
    private boolean onLoop(Runnable task) {
        try {
            exchange.loop.execute(task);
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    private static Throwable unchecked(Throwable failure) {
        return failure instanceof IOException io ? new UncheckedIOException(io) : failure;
    }

    private Opened openBlocking() throws IOException {
        if (Files.exists(event.file()) && !Files.isRegularFile(event.file())) {
            throw new IOException(event.file() + ": not a regular file");
        }
        FileChannel channel = FileChannel.open(event.file(), StandardOpenOption.READ);
        try {
            long available = channel.size() - event.offset();
            long length = event.length() == HttpEvent.ResponseFile.TO_END ? Math.max(0, available) : event.length();
            if (length > available && length > 0) {
                throw new ProtocolViolationException("file: " + Math.max(0, available) + " bytes after offset "
                        + event.offset() + " (expected: at least " + length + ")");
            }
            return new Opened(channel, length);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private void send(Opened opened) {
        boolean last = !event.more();
        DefaultFileRegion region = new DefaultFileRegion(opened.channel(), event.offset(), opened.length());
        if (exchange.isOver() || exchange.isGone()) {
            region.release();
            return;
        }
        try {
            response.beginFile(opened.length(), last);
        } catch (ProtocolViolationException failure) {
            region.release();
            failed(failure);
            return;
        }
        if (response.isBodyless() || opened.length() == 0) {
            region.release();
            finish(last);
            return;
        }
        response.sending(region);
        response.stream().writer().file(region).addListener(written -> {
            if (written.isSuccess()) {
                finish(last);
            } else {
                exchange.abort();
            }
        });
        response.stream().flush();
        response.stream().watchStall();
    }

    private void failed(Throwable failure) {
        response.fileFailed();
        exchange.sendFailed(failure);
    }

    private void finish(boolean last) {
        if (exchange.isOver() || exchange.isGone()) {
            return;
        }
        try {
            response.endFile(last);
        } catch (ProtocolViolationException failure) {
            failed(failure);
            return;
        }
        exchange.sendCompleted();
    }
}
