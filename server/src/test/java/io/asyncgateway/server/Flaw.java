package io.asyncgateway.server;

import io.asyncgateway.api.DisconnectedException;
import io.asyncgateway.api.ExchangeEndedException;
import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.HttpScopeWrapper;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.Middleware;
import io.asyncgateway.api.ProtocolViolationException;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.ReceiveEvent;
import io.asyncgateway.api.RequestScope;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.api.SendEvent;
import io.asyncgateway.api.State;
import io.asyncgateway.api.UnsupportedScopeException;
import io.asyncgateway.api.WebSocketEvent;
import io.asyncgateway.api.WebSocketMessage;
import io.asyncgateway.api.WebSocketScope;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What can be wrong with a server, as a layer between a right one and the application, and the rules that it breaks. */
enum Flaw {
    MISTAKES_PASS(
            send(send ->
                    event -> send.send(event).onErrorResume(ProtocolViolationException.class, mistake -> Mono.empty())),
            "anEventOutOfOrderFailsAndChangesNothingOnTheWire",
            "aWebSocketEventOutOfOrderFailsAndChangesNothingOnTheWire",
            "aLifespanEventOutOfOrderFailsAndChangesNothing",
            "aSecondOutstandingSendFailsAtOnceAndTheFirstGoesOn",
            "aSecondOutstandingWebSocketSendFailsAtOnce",
            "sendAfterTheCloseOfTheApplicationFails",
            "bytesPastTheAnnouncedLengthAreNotSent"),
    SENDS_ARE_EAGER(
            send(send -> event -> {
                Mono<Void> sent = send.send(event).cache();
                sent.subscribe(nothing -> {}, failure -> {});
                return sent;
            }),
            "nothingIsSentBeforeASubscription",
            "aWebSocketSendIsColdAndSubscribedOnce"),
    SENDS_ARE_REPEATED(
            send(send -> event -> Mono.defer(() -> send.send(event))),
            "aSendIsSubscribedOnce",
            "aWebSocketSendIsColdAndSubscribedOnce"),
    DISCONNECTS_OF_SENDS_PASS(
            send(send -> event -> send.send(event).onErrorResume(DisconnectedException.class, gone -> Mono.empty())),
            "sendFailsWhenThePeerIsGoneBeforeTheStart",
            "sendFailsWhenThePeerIsGoneAfterTheStart",
            "anOutstandingSendFailsWhenThePeerGoes",
            "sendAfterTheCloseOfThePeerFails",
            "anOutstandingWebSocketSendFailsWhenThePeerGoes"),
    SENDS_ARE_QUEUED_WITHOUT_BOUND(
            send(send -> new LateSend(send, Integer.MAX_VALUE)),
            "sendIsHeldBackByAPeerThatDoesNotRead",
            "aWebSocketSendIsHeldBackByAPeerThatDoesNotRead"),
    SENT_BUFFERS_ARE_READ_LATE(
            send(send -> new LateSend(send, 4)),
            "aSentBufferMayBeReusedWhenTheSendHasCompleted",
            "aSentMessageMayBeReusedWhenTheSendHasCompleted"),
    STARTS_ARE_NOT_HELD(
            send(send -> event -> event instanceof HttpEvent.ResponseStart
                    ? send.send(event)
                            .then(Mono.defer(() -> send.send(HttpEvent.ResponseBody.more(ByteBuffer.allocate(0)))))
                    : send.send(event)),
            "nothingIsOnTheWireBeforeTheFirstBodyEvent",
            "aFailureAfterAHeldStartIsA500",
            "aStartThatIsHeldBackHasNotBegun"),
    LENGTHS_ARE_IGNORED(
            sent(event -> event instanceof HttpEvent.ResponseStart start
                    ? new HttpEvent.ResponseStart(
                            start.status(),
                            start.headers().toBuilder().remove("content-length").build())
                    : event),
            "bytesPastTheAnnouncedLengthAreNotSent",
            "aFileIsHeldToTheAnnouncedLength",
            "aBodyShorterThanAnnouncedIsCutShort",
            "aNotModifiedResponseKeepsItsLength"),
    BODIES_ARE_COLLECTED(send(send -> new CollectedResponse(send)), "eachBodyEventReachesThePeerBeforeTheNextIsSent"),

    SECOND_PULLS_PASS(
            receive(receive ->
                    () -> receive.receive().onErrorResume(ProtocolViolationException.class, mistake -> Mono.empty())),
            "aSecondOutstandingPullFailsAtOnceAndTheFirstGoesOn",
            "aSecondOutstandingPullOfAWebSocketFailsAtOnceAndTheFirstGoesOn",
            "aSecondOutstandingPullOfTheLifespanFailsAtOnceAndTheFirstGoesOn"),
    CANCELLED_PULLS_GO_ON(
            receive(receive -> () -> Mono.defer(() -> {
                Mono<ReceiveEvent> event = receive.receive().cache();
                event.subscribe(nothing -> {}, failure -> {});
                return event;
            })),
            "aCancelledPullLosesNoEvent",
            "aCancelledPullOfAWebSocketLosesNoMessage",
            "aCancelledPullOfTheLifespanLosesNoEvent"),
    EVENTS_ARE_READ_AHEAD(
            receive(GreedyReceive::new),
            "aPeerIsHeldBackByAnApplicationThatDoesNotReceive",
            "aWebSocketPeerIsHeldBackByAnApplicationThatDoesNotReceive",
            "thePeerIsAskedToContinueWhenTheApplicationFirstReceives"),
    RECEIVED_BUFFERS_ARE_RECYCLED(
            receive(receive -> {
                byte[] pooled = new byte[1 << 20];
                return () -> receive.receive().map(event -> recycled(event, pooled));
            }),
            "aReceivedBodyIsTheApplicationsForEver",
            "aReceivedMessageIsTheApplicationsForEver"),
    ENDS_LOOK_LIKE_DISCONNECTS(
            receive(receive -> () ->
                    receive.receive().onErrorReturn(ExchangeEndedException.class, HttpEvent.Disconnect.instance())),
            "anOutstandingPullFailsWhenTheResponseIsComplete",
            "aPullAfterTheResponseFails",
            "aPullAfterAnAnswerToAnUnreadBodyFails"),
    TRAILERS_ARE_DROPPED(
            received(event -> event instanceof HttpEvent.Request part
                    ? new HttpEvent.Request(part.body(), part.more(), Headers.empty())
                    : event),
            "theLastEventHasTheTrailersOfTheRequest"),
    CODES_ARE_MADE_UP(
            received(event ->
                    event instanceof WebSocketEvent.Disconnect ? new WebSocketEvent.Disconnect(1000, "") : event),
            "aCloseOfThePeerIsADisconnectWithItsCodeAndReason",
            "aCloseWithoutACodeIs1005",
            "anEndWithoutACloseIs1006",
            "aPeerThatGoesBeforeTheAcceptIsADisconnect"),

    FAILURES_END_RESPONSES_CLEANLY(
            request((scope, send, call) -> call.onErrorResume(failure -> send.send(HttpEvent.ResponseBody.last()))),
            "aFailureAfterTheStartCutsTheResponseShort",
            "aRequestExceptionAfterTheStartCutsTheResponseShort",
            "aFailureAfterAHeldStartIsA500"),
    FAILURES_ARE_EXPLAINED_TO_THE_PEER(
            request((scope, send, call) -> call.onErrorResume(
                    failure -> send.send(HttpEvent.ResponseStart.of(500, "content-type", "text/plain"))
                            .then(Mono.defer(() -> send.send(HttpEvent.ResponseBody.last(failure.toString())))))),
            "aFaultBeforeTheStartIsA500",
            "aFaultBeforeTheAcceptIsA500",
            "aRequestExceptionIsAnsweredWithItsStatus"),
    FAILURES_CLOSE_WEB_SOCKETS_AS_IF_DONE(
            request((scope, send, call) -> call.onErrorResume(failure -> send.send(new WebSocketEvent.Close()))),
            "aFailureOfTheApplicationIs1011"),
    APPLICATIONS_ARE_CANCELLED_WITHOUT_GRACE(
            request((scope, send, call) -> call.takeUntilOther(scope.disconnected())),
            "anApplicationMayEndByItselfWithinTheGracePeriod"),
    APPLICATIONS_ARE_CANCELLED_WITH_THEIR_RESPONSE(
            next -> (scope, receive, send) -> {
                Sinks.Empty<Void> complete = Sinks.empty();
                Send tells = event -> send.send(event).doOnSuccess(nothing -> {
                    if (event instanceof HttpEvent.ResponseBody body && !body.more()) {
                        complete.tryEmitEmpty();
                    }
                });
                return next.handle(scope, receive, tells).takeUntilOther(complete.asMono());
            },
            "workMayGoOnAfterTheResponseIsComplete"),
    SUBPROTOCOLS_ARE_NOT_CHECKED(
            next -> (scope, receive, send) ->
                    next.handle(scope, receive, event -> send.send(withoutUnoffered(scope, event))),
            "theApplicationChoosesOneOfTheSubprotocols"),
    DENIALS_LOSE_THEIR_RESPONSE(
            sent(event -> event instanceof HttpEvent.ResponseStart ? new WebSocketEvent.Close() : event),
            "aResponseDeniesTheWebSocket"),

    FIELDS_ARE_MERGED(
            scope(scope -> new HttpScopeWrapper(scope) {
                @Override
                public Headers headers() {
                    return merged(scope.headers());
                }
            }),
            "fieldsOfARequestKeepTheirOrderAndTheirDuplicates"),
    PATHS_ARE_DECODED_TWICE(
            scope(scope -> new HttpScopeWrapper(scope) {
                @Override
                public String path() {
                    return scope.path().replace("+", " ");
                }
            }),
            "aPathIsDecodedOnceAndKeptRawBesideIt"),
    ROOT_PATHS_ARE_STRIPPED(
            scope(scope -> new HttpScopeWrapper(scope) {
                @Override
                public String path() {
                    return scope.path().substring(scope.rootPath().length());
                }
            }),
            "theRootPathIsAPrefixOfThePath"),
    DEADLINES_ARE_UNKNOWN(
            scope(scope -> new HttpScopeWrapper(scope) {
                @Override
                public Instant deadlineAt() {
                    return null;
                }
            }),
            "theDeadlineFiresAndReceiveAndSendFailWithIt"),
    DRAINING_FIRES_TOO_EARLY(
            scope(scope -> new HttpScopeWrapper(scope) {
                @Override
                public Mono<Void> draining() {
                    return Mono.empty();
                }
            }),
            "aShutdownFiresDrainingAndWaitsForTheRequestInFlight",
            "nothingIsDrainingBeforeAShutdown"),
    STATE_IS_SHARED(
            next -> {
                AtomicReference<State> shared = new AtomicReference<>();
                return (scope, receive, send) -> {
                    shared.compareAndSet(null, scope.state());
                    Scope seen = scope instanceof HttpScope http
                            ? new HttpScopeWrapper(http) {
                                @Override
                                public State state() {
                                    return shared.get();
                                }
                            }
                            : scope;
                    return next.handle(seen, receive, send);
                };
            },
            "theStateOfTheLifespanIsSeenByEachRequestAndLayered"),

    FAILED_START_UPS_MEAN_NO_LIFESPAN(
            lifespan((scope, call) -> call.onErrorMap(failure -> new UnsupportedScopeException(scope))),
            "aFailureBeforeTheStartUpIsCompleteFailsTheStart",
            "aFaultOfTheLifespanFailsTheStart"),
    FAILED_START_UPS_ARE_IGNORED(
            sent(event -> event instanceof LifespanEvent.StartupFailed ? new LifespanEvent.StartupComplete() : event),
            "aFailedStartUpFailsTheStartWithItsMessage"),
    MESSAGES_OF_FAILED_START_UPS_ARE_LOST(
            sent(event ->
                    event instanceof LifespanEvent.StartupFailed ? new LifespanEvent.StartupFailed("failed") : event),
            "aFailedStartUpFailsTheStartWithItsMessage"),
    SERVERS_WITHOUT_A_LIFESPAN_FAIL(
            lifespan((scope, call) -> call.onErrorMap(failure -> new IllegalStateException(failure.toString()))),
            "anApplicationWithoutALifespanIsServed");

    private final Middleware middleware;
    private final List<String> rules;

    Flaw(Middleware middleware, String... rules) {
        this.middleware = middleware;
        this.rules = List.of(rules);
    }

    Middleware middleware() {
        return middleware;
    }

    List<String> rules() {
        return rules;
    }

    /** Changes what becomes of a call of the application for a request. */
    private interface AroundRequest {
        Mono<Void> around(RequestScope scope, Send send, Mono<Void> call);
    }

    private static Middleware request(AroundRequest change) {
        return next -> (scope, receive, send) -> scope instanceof RequestScope request
                ? change.around(request, send, Mono.defer(() -> next.handle(scope, receive, send)))
                : next.handle(scope, receive, send);
    }

    private static Middleware lifespan(BiFunction<Scope, Mono<Void>, Mono<Void>> change) {
        return next -> (scope, receive, send) -> scope instanceof LifespanScope
                ? change.apply(scope, Mono.defer(() -> next.handle(scope, receive, send)))
                : next.handle(scope, receive, send);
    }

    /** A state for each exchange: the function is called once for each. */
    private static Middleware send(UnaryOperator<Send> change) {
        return next -> (scope, receive, send) -> next.handle(scope, receive, change.apply(send));
    }

    private static Middleware sent(UnaryOperator<SendEvent> change) {
        return send(send -> event -> send.send(change.apply(event)));
    }

    private static Middleware receive(UnaryOperator<Receive> change) {
        return next -> (scope, receive, send) -> next.handle(scope, change.apply(receive), send);
    }

    private static Middleware received(UnaryOperator<ReceiveEvent> change) {
        return receive(receive -> () -> receive.receive().map(change));
    }

    private static Middleware scope(Function<HttpScope, HttpScope> change) {
        return next -> (scope, receive, send) ->
                next.handle(scope instanceof HttpScope http ? change.apply(http) : scope, receive, send);
    }

    private static ReceiveEvent recycled(ReceiveEvent event, byte[] pooled) {
        if (event instanceof HttpEvent.Request part) {
            return new HttpEvent.Request(recycled(part.body(), pooled), part.more(), part.trailers());
        }
        if (event instanceof WebSocketEvent.Receive message) {
            return new WebSocketEvent.Receive(
                    WebSocketMessage.binary(recycled(message.message().payload(), pooled)));
        }
        return event;
    }

    private static ByteBuffer recycled(ByteBuffer body, byte[] pooled) {
        int length = body.remaining();
        body.duplicate().get(pooled, 0, length);
        return ByteBuffer.wrap(pooled, 0, length);
    }

    private static SendEvent withoutUnoffered(Scope scope, SendEvent event) {
        if (event instanceof WebSocketEvent.Accept accept
                && scope instanceof WebSocketScope webSocket
                && !webSocket.subprotocols().contains(accept.subprotocol())) {
            return new WebSocketEvent.Accept(null, accept.headers(), accept.maxMessageSize(), accept.compression());
        }
        return event;
    }

    private static Headers merged(Headers headers) {
        TreeMap<String, String> fields = new TreeMap<>();
        headers.forEach(field -> fields.merge(field.getKey(), field.getValue(), (one, other) -> one + ", " + other));
        Headers.Builder merged = Headers.builder();
        fields.forEach(merged::add);
        return merged.build();
    }
}
