package io.asyncgateway.server;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.RequestException;
import io.asyncgateway.api.SendEvent;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One request and its response: {@link RequestBody} on the way in, {@link HttpResponse} on the way out, {@link Exchange} around both. A WebSocket begins as one
 * ({@link WebSocketExchange}).
 */
class HttpExchange extends Exchange {
    final RequestHead head;

    private final HttpStream stream;
    private final HttpResponse response;
    private volatile @Nullable RequestBody body;
    private long received;
    private boolean bodyComplete;
    private boolean bodyBroken;
    private boolean continueSent;
    private boolean ended;
    private boolean refused;

    HttpExchange(HttpStream stream, ServerContext context, RequestHead head, Addresses addresses) {
        super(context, stream.loop(), addresses);
        this.stream = stream;
        this.head = head;
        this.response = new HttpResponse(stream, this);
        this.bodyComplete = !head.hasBody();
        describe(new ServerHttpScope(this, head));
    }

    void run() {
        run(context.config.timeouts().request());
    }

    /** Answers in the server's own name; the application never hears of it. */
    void refuse(PlainResponse answer) {
        refused = true;
        response.answer(answer);
        end();
    }

    /** Answers in the application's place. */
    void answer(int status) {
        response.answer(PlainResponse.of(status));
    }

    /** Whether nothing of a response has left or is held. */
    boolean isUnanswered() {
        return response.state() == HttpResponse.State.IDLE;
    }

    // ------------------------------------------------------------------------------------------------ receiving

    @Override
    public Mono<ReceiveEvent> receive() {
        RequestBody known = body;
        if (known == null) {
            synchronized (this) {
                known = body;
                if (known == null) {
                    known = new RequestBody(this);
                    body = known;
                }
            }
        }
        return known.events();
    }

    /** The application waits for a part of the body: only now is the peer asked for it, where it waits to be asked. */
    void demandBody() {
        if (isBodyHeldBack() && nothingHasLeft()) {
            continueSent = true;
            stream.writer().interim(100, Headers.empty());
        }
        stream.demand();
    }

    void bodyPart(HttpEvent.Request part) {
        received += part.body().remaining();
        bodyComplete = !part.more();
        RequestBody reader = body;
        if (reader != null) {
            reader.part(part);
        }
    }

    /** The rest of the body can't be read: the application is told, and the connection ends with this exchange. */
    void bodyBroken(HttpFailure failure) {
        bodyBroken = true;
        RequestBody reader = body;
        if (reader != null) {
            reader.broken(new RequestException(failure.status(), String.valueOf(failure.getMessage())));
        }
    }

    @Override
    void wakeReceiver() {
        RequestBody reader = body;
        if (reader != null) {
            reader.answer();
        }
    }

    boolean isBodyComplete() {
        return bodyComplete;
    }

    // ------------------------------------------------------------------------------------------------ sending

    boolean isHead() {
        return head.method().equals("HEAD");
    }

    /** Whether the connection may go on after this exchange, which ends now. */
    boolean keepAlive() {
        return mayKeepAlive() && canDrain();
    }

    /** The same of one that goes on, so that the rest of its body may still be read. */
    boolean mayKeepAlive() {
        return head.keepAlive() && !bodyBroken && !stream.isClosing() && !isBodyHeldBack();
    }

    /** The peer waits to be asked for its body, which nobody will do once a response has begun. */
    private boolean isBodyHeldBack() {
        return head.expectsContinue() && !continueSent && received == 0 && !bodyComplete;
    }

    /** Whether an unread rest of the body is small enough to be read and thrown away. */
    private boolean canDrain() {
        return bodyComplete
                || head.contentLength() == RequestHead.CHUNKED
                || head.contentLength() - received <= context.config.limits().unreadBody();
    }

    @Override
    boolean perform(SendEvent event) {
        boolean complete = response.perform(event);
        if (complete || event instanceof HttpEvent.ResponseFile) {
            return complete;
        }
        stream.flush();
        return response.resume();
    }

    /** The channel takes more. What is being performed is not pending yet, though its flush may find the channel writable again at once. */
    void writable() {
        if (!isSendPending() || response.isSendingFile()) {
            return;
        }
        if (response.resume()) {
            sendCompleted();
        } else {
            stream.flush();
        }
    }

    /** A file can't be sent. */
    void sendFailed(Throwable failure) {
        failPendingSend(failure);
        afterSend();
    }

    @Override
    void afterSend() {
        if (response.state() == HttpResponse.State.COMPLETE && !ended) {
            end();
        }
    }

    private void end() {
        ended = true;
        logAccess(response.status(), response.bodyBytes(), false);
        wakeReceiver();
        if (!refused) {
            detach();
        }
        stream.exchangeEnded(this, response.goesOn() && !bodyBroken);
    }

    @Override
    boolean isOver() {
        return ended || response.state() == HttpResponse.State.COMPLETE;
    }

    /** Whether the response reached its end, which a receiver is told differently from a disconnect. */
    boolean isComplete() {
        return response.state() == HttpResponse.State.COMPLETE;
    }

    /** Bytes of a file that the kernel has taken so far. */
    long fileProgress() {
        return response.fileProgress();
    }

    // ------------------------------------------------------------------------------------------------ failing

    @Override
    void endedEarly(@Nullable Throwable failure) {
        if (isGone() || isExpired()) {
            return;
        }
        Failures.report(scope(), failure, false);
        fail(Failures.answer(failure));
    }

    @Override
    void deadlinePassed() {
        fail(PlainResponse.of(Failures.GATEWAY_TIMEOUT));
    }

    private boolean nothingHasLeft() {
        return response.state() == HttpResponse.State.IDLE || response.state() == HttpResponse.State.HELD;
    }

    /** A status where nothing has left yet, an abort otherwise: never an end as if complete. */
    private void fail(PlainResponse answer) {
        if (nothingHasLeft()) {
            response.answer(answer);
            end();
        } else {
            abort();
        }
    }

    /** Ends the connection so that the peer can see that the response is not whole. For the application that is the same as if the peer had left. */
    void abort() {
        if (isOver()) {
            return;
        }
        boolean sendingFile = response.isSendingFile();
        ending();
        detach();
        super.peerGone();
        stream.abort(sendingFile);
    }

    /** The same, and the send that is outstanding, if there is one, fails with the application's own mistake. */
    void abort(ProtocolViolationException mistake) {
        SendOperation outstanding = takePendingSend();
        abort();
        if (outstanding != null) {
            outstanding.fail(mistake);
        }
    }

    @Override
    void peerGone() {
        if (isOver()) {
            return;
        }
        ending();
        super.peerGone();
    }

    /** The peer is gone: the exchange is over from now on. */
    void ending() {
        response.aborted();
        ended = true;
        logAccess(response.status(), response.bodyBytes(), true);
    }
}
