/**
 * The contract between a server and an application, and its specification: with this page, and the types that it links to, a second server
 * can be written. It is to the JVM what ASGI is to Python, and says "ASGI" where a rule comes from there.
 *
 * <p>"Must" binds the side that it names. What a server may choose is called so.
 *
 * <ul>
 *   <li><a href="#call">1. The call</a>
 *   <li><a href="#scopes">2. Scopes</a>
 *   <li><a href="#receive">3. Receiving</a>
 *   <li><a href="#send">4. Sending</a>
 *   <li><a href="#http">5. HTTP</a>
 *   <li><a href="#websocket">6. WebSocket</a>
 *   <li><a href="#lifespan">7. Lifespan</a>
 *   <li><a href="#end">8. The end of an exchange: disconnect, deadline, draining</a>
 *   <li><a href="#failures">9. Failures</a>
 *   <li><a href="#buffers">10. Buffers, header fields, threads</a>
 *   <li><a href="#backpressure">11. Backpressure</a>
 *   <li><a href="#second">12. Who writes a server, who writes a middleware</a>
 * </ul>
 *
 * <h2 id="call">1. The call</h2>
 *
 * <pre>{@code
 * Application app = (scope, receive, send) -> {
 *     if (!(scope instanceof HttpScope)) {
 *         return Mono.error(new UnsupportedScopeException(scope));
 *     }
 *     return send.send(ResponseStart.of(200, "content-type", "text/plain"))
 *             .then(send.send(ResponseBody.last("hello\n")));
 * };
 * }</pre>
 *
 * <p>A server calls {@link io.asyncgateway.api.Application#handle} once for each HTTP request, once for each WebSocket, and once for its own
 * life, and subscribes to the result once. The three arguments belong to that one call, the <em>exchange</em>. An application fails with
 * {@link io.asyncgateway.api.UnsupportedScopeException} on a kind of scope that it does not serve. A {@code null} result or an exception thrown
 * count as a failed result. The result is the end of the work, not of the answer: an application may go on after its response is complete, and
 * the next request of the connection does not wait for it.
 *
 * <p>Without ceremony, by the helpers ({@link io.asyncgateway.api.Applications}, {@link io.asyncgateway.api.Http},
 * {@link io.asyncgateway.api.WebSockets}, {@link io.asyncgateway.api.ServerSentEvents}), which use nothing but what this page says:
 *
 * <pre>{@code
 * Application app = Applications.builder()
 *         .http((scope, receive, send) -> switch (scope.localPath()) {
 *             case "/echo" -> Http.stream(send, new ResponseStart(200), Http.body(receive));
 *             case "/save" -> Http.collect(scope, receive, 65_536).flatMap(body -> Http.respond(send, 200, "saved\n"));
 *             default -> Http.respond(send, 404, "not found\n");
 *         })
 *         .webSocket((scope, receive, send) -> send.send(new WebSocketEvent.Accept())
 *                 .then(WebSockets.forEach(receive, message -> send.send(new WebSocketEvent.Send(message)))))
 *         .build();
 * }</pre>
 *
 * <h2 id="scopes">2. Scopes</h2>
 *
 * <p>A scope says what came in. All of it is immutable but for {@link io.asyncgateway.api.Scope#state()} and
 * {@link io.asyncgateway.api.WebSocketScope#lastHeard()}; all of it may be read on any thread, also after
 * the exchange has ended. A server may decode each field when it is first asked for.
 *
 * <table>
 *   <caption>Fields of HttpScope and WebSocketScope (RequestScope)</caption>
 *   <tr><th>field</th><th>type</th><th>where there is none</th><th>what it is</th></tr>
 *   <tr><td>{@code httpVersion}</td><td>{@link io.asyncgateway.api.HttpVersion}</td><td>always there</td><td>as received</td></tr>
 *   <tr><td>{@code scheme}</td><td>String</td><td>always there</td><td>{@code http}, {@code https}, {@code ws} or {@code wss}: that of the connection, or what a proxy told</td></tr>
 *   <tr><td>{@code method}</td><td>String</td><td>always there</td><td>as received, case-sensitive. A WebSocket's is {@code GET}, or {@code CONNECT} over HTTP/2 and later</td></tr>
 *   <tr><td>{@code target}</td><td>String, Latin-1</td><td>always there</td><td>the request target as received (RFC 9112 section 3.2)</td></tr>
 *   <tr><td>{@code rawPath}</td><td>String, Latin-1</td><td>{@code /}</td><td>the path, still percent-encoded ({@link io.asyncgateway.api.RequestTargets#rawPath})</td></tr>
 *   <tr><td>{@code path}</td><td>String</td><td>{@code /}</td><td>the path, decoded once ({@link io.asyncgateway.api.RequestTargets#decode}). Dot segments and empty ones stay</td></tr>
 *   <tr><td>{@code queryString}</td><td>String, Latin-1</td><td>{@code ""}</td><td>behind the first {@code ?}, still percent-encoded</td></tr>
 *   <tr><td>{@code rootPath}</td><td>String</td><td>{@code ""}</td><td>where the application is mounted: a prefix of {@code path} that ends at the border of a segment</td></tr>
 *   <tr><td>{@code localPath}</td><td>String</td><td>{@code ""}</td><td>the rest of {@code path}: what an application routes by</td></tr>
 *   <tr><td>{@code headers}</td><td>{@link io.asyncgateway.api.Headers}</td><td>no fields</td><td>in the order received, duplicates kept, names in lower case; {@code :authority} as {@code host}, no other pseudo-header. {@code host} may be what a proxy told</td></tr>
 *   <tr><td>{@code client}</td><td>SocketAddress</td><td>{@code null}</td><td>the peer of the connection, or what a proxy told</td></tr>
 *   <tr><td>{@code server}</td><td>SocketAddress</td><td>{@code null}</td><td>the address that took the connection, or what a proxy told</td></tr>
 *   <tr><td>{@code tls}</td><td>{@link io.asyncgateway.api.TlsInfo}</td><td>{@code null}: no TLS</td><td>version, cipher suite, client certificates, server name: of the connection itself</td></tr>
 *   <tr><td>{@code proxy}</td><td>{@link io.asyncgateway.api.ProxyInfo}</td><td>{@code null}: nothing was believed</td><td>which of these fields a trusted proxy told, and what the connection itself says</td></tr>
 *   <tr><td>{@code state}</td><td>{@link io.asyncgateway.api.State}</td><td>empty</td><td>a layer of its own above that of the lifespan</td></tr>
 *   <tr><td>{@code disconnected}</td><td>Mono&lt;Void&gt;</td><td>never fires</td><td>the peer is gone (<a href="#end">8</a>)</td></tr>
 *   <tr><td>{@code draining}</td><td>Mono&lt;Void&gt;</td><td>never fires</td><td>the server is going down (<a href="#end">8</a>)</td></tr>
 *   <tr><td>{@code deadline}</td><td>Mono&lt;Void&gt;</td><td>never fires</td><td>the time for the request is over (<a href="#end">8</a>)</td></tr>
 *   <tr><td>{@code deadlineAt}</td><td>Instant</td><td>{@code null}: no deadline</td><td>when that will be</td></tr>
 *   <tr><td>{@code subprotocols}</td><td>List&lt;String&gt;</td><td>empty</td><td>{@code WebSocketScope} alone: what the client offers, all its fields in order, without duplicates</td></tr>
 *   <tr><td>{@code lastHeard}</td><td>Instant</td><td>always there</td><td>{@code WebSocketScope} alone: when the server last read anything of the peer, pongs included, rounded down by at most two seconds</td></tr>
 * </table>
 *
 * <p><b>Mounting.</b> {@code rootPath} is always a prefix of {@code path}. A router that mounts an application moves the border between
 * {@code rootPath} and {@code localPath} ({@link io.asyncgateway.api.HttpScope#withRootPath}) and changes nothing else; {@link io.asyncgateway.api.Mount} is one. A server that runs behind a
 * proxy which strips a prefix is told that prefix as its root path, and puts it before {@code path} and {@code rawPath}; {@code target} stays
 * as received. For {@code OPTIONS *} all of target and paths are {@code *}, and the root path is empty.
 *
 * <p><b>Proxies.</b> A server may take client, server, scheme, host and root path from a proxy in front of it, by {@code Forwarded}, {@code X-Forwarded-*}
 * or the PROXY protocol, but from one alone that its operator has named as trusted. What it believed stands in {@code proxy}; fields that it did
 * not believe change nothing in the scope. All header fields stay in {@code headers} as they came, but for {@code host} where that was told.
 *
 * <p><b>State.</b> Values by typed key. What the lifespan put before it answered is seen by every request; what a request, or a middleware around
 * it, puts is seen by that request alone (ASGI: a shallow copy).
 *
 * <table>
 *   <caption>Fields of LifespanScope</caption>
 *   <tr><th>field</th><th>type</th><th>where there is none</th><th>what it is</th></tr>
 *   <tr><td>{@code settings}</td><td>Map&lt;String, String&gt;</td><td>empty</td><td>the application's own settings, as the operator gave them to the server</td></tr>
 *   <tr><td>{@code rootPath}</td><td>String</td><td>{@code ""}</td><td>where the application is mounted, as far as that is known before there is a request</td></tr>
 *   <tr><td>{@code state}</td><td>{@link io.asyncgateway.api.State}</td><td>empty</td><td>the lowest layer</td></tr>
 * </table>
 *
 * <h2 id="receive">3. Receiving</h2>
 *
 * <p>{@link io.asyncgateway.api.Receive#receive()} pulls.
 *
 * <ul>
 *   <li>It is cold. Each subscription to the returned {@code Mono} pulls one event when it is requested; the same {@code Mono} may be subscribed again for
 *       the next event. It yields one event or a failure, never nothing.
 *   <li>At most one pull is outstanding in an exchange. A second fails at once with
 *       {@link io.asyncgateway.api.ProtocolViolationException}; the first goes on.
 *   <li>A pull that is cancelled is given up. An event that has not been emitted yet goes to the next pull.
 *   <li>What a pull gets is the first of these that applies.
 * </ul>
 *
 * <table>
 *   <caption>What a pull gets</caption>
 *   <tr><th>where</th><th>HTTP</th><th>WebSocket</th></tr>
 *   <tr><td>the deadline has passed</td><td>fails with {@link io.asyncgateway.api.DeadlineExceededException}</td><td>has none</td></tr>
 *   <tr><td>the response is complete (a WebSocket: it was denied)</td><td>fails with {@link io.asyncgateway.api.ExchangeEndedException}, also a pull that waits</td><td>the same, but the first pull gets {@code Connect}</td></tr>
 *   <tr><td>the peer is gone</td><td>{@code Disconnect}, at every pull; parts that nobody pulled are dropped</td><td>messages that had arrived whole, then {@code Disconnect} at every pull</td></tr>
 *   <tr><td>the peer broke the protocol, a limit or a timeout</td><td>parts before it, then fails with {@link io.asyncgateway.api.RequestException}</td><td>messages before it, then {@code Disconnect} with the server's code</td></tr>
 *   <tr><td>there is an event</td><td>the next part of the body</td><td>{@code Connect} once, then the next message</td></tr>
 *   <tr><td>everything was received</td><td>waits</td><td>waits</td></tr>
 * </table>
 *
 * <p>The end of a response and the leaving of a peer are two facts with two types. {@code ExchangeEndedException} is nobody's fault, and a server does
 * not log an application that ends with it after its response is complete.
 *
 * <h2 id="send">4. Sending</h2>
 *
 * <p>{@link io.asyncgateway.api.Send#send} pushes.
 *
 * <ul>
 *   <li>It is cold: nothing happens before the returned {@code Mono} is subscribed. It can be subscribed once; a second subscription fails with
 *       {@link io.asyncgateway.api.ProtocolViolationException}.
 *   <li>It completes when the transport is ready to take more. That the peer has the bytes it does not say.
 *   <li>At most one send is outstanding in an exchange. A second fails at once with {@code ProtocolViolationException}; the first goes on.
 *   <li>Cancelling it does not take the event back. The send stays outstanding until the transport has taken the event.
 *   <li>An event that is illegal now fails with {@code ProtocolViolationException}, and nothing has changed: not on the wire, not in the order of the
 *       exchange. The application may go on with a legal one.
 *   <li>A server writes each event out when it gets it, but for the held start (<a href="#http">5</a>). It does not wait for more.
 * </ul>
 *
 * <p>What decides is the first that applies: the peer is gone ({@link io.asyncgateway.api.DisconnectedException}), the deadline has passed
 * ({@link io.asyncgateway.api.DeadlineExceededException}), another send is outstanding, the event is illegal.
 *
 * <h2 id="http">5. HTTP</h2>
 *
 * <table>
 *   <caption>Events that an HTTP application receives</caption>
 *   <tr><th>event</th><th>field and type</th><th>default</th><th>when</th></tr>
 *   <tr><td rowspan="3">{@link io.asyncgateway.api.HttpEvent.Request}</td><td>{@code body}: ByteBuffer</td><td>empty</td><td rowspan="3">one or more; exactly one of them, the last, has {@code more} false. A request without a body has one, empty and last. Parts are as large as they arrive</td></tr>
 *   <tr><td>{@code more}: boolean</td><td></td></tr>
 *   <tr><td>{@code trailers}: Headers, on the last part</td><td>no fields</td></tr>
 *   <tr><td>{@link io.asyncgateway.api.HttpEvent.Disconnect}</td><td></td><td></td><td>the peer is gone</td></tr>
 * </table>
 *
 * <table>
 *   <caption>Events that an HTTP application sends</caption>
 *   <tr><th>event</th><th>field and type</th><th>default</th><th>legal values</th></tr>
 *   <tr><td>{@link io.asyncgateway.api.HttpEvent.EarlyHints}</td><td>{@code headers}: Headers</td><td></td><td>fields of the interim response 103</td></tr>
 *   <tr><td rowspan="2">{@link io.asyncgateway.api.HttpEvent.ResponseStart}</td><td>{@code status}: int</td><td></td><td>200 to 599</td></tr>
 *   <tr><td>{@code headers}: Headers</td><td>no fields</td><td>{@code content-length}: one number of at most 18 digits</td></tr>
 *   <tr><td rowspan="2">{@link io.asyncgateway.api.HttpEvent.ResponseBody}</td><td>{@code body}: ByteBuffer</td><td></td><td>position to limit, may be empty</td></tr>
 *   <tr><td>{@code more}: boolean</td><td></td><td>{@code false} ends the response</td></tr>
 *   <tr><td rowspan="3">{@link io.asyncgateway.api.HttpEvent.ResponseFile}</td><td>{@code file}: Path</td><td></td><td>a regular file</td></tr>
 *   <tr><td>{@code offset}, {@code length}: long</td><td>0, to the end</td><td>a range within the file; behind an offset past its end {@code TO_END} is empty</td></tr>
 *   <tr><td>{@code more}: boolean</td><td></td><td>{@code false} ends the response</td></tr>
 *   <tr><td>{@link io.asyncgateway.api.HttpEvent.ResponseTrailers}</td><td>{@code trailers}: Headers</td><td></td><td>ends the response; may be empty</td></tr>
 * </table>
 *
 * <table>
 *   <caption>Order of a response; whatever is not here is illegal</caption>
 *   <tr><th>state</th><th>event</th><th>next state</th><th>on the wire</th></tr>
 *   <tr><td>idle</td><td>EarlyHints</td><td>idle</td><td>103; nothing to an HTTP/1.0 peer</td></tr>
 *   <tr><td>idle</td><td>ResponseStart</td><td>held</td><td>nothing</td></tr>
 *   <tr><td>held</td><td>ResponseBody or ResponseFile, more</td><td>streaming</td><td>head and part</td></tr>
 *   <tr><td>held</td><td>ResponseBody or ResponseFile, last</td><td>complete</td><td>whole response</td></tr>
 *   <tr><td>held</td><td>ResponseTrailers</td><td>complete</td><td>whole response</td></tr>
 *   <tr><td>streaming</td><td>ResponseBody or ResponseFile, more</td><td>streaming</td><td>part</td></tr>
 *   <tr><td>streaming</td><td>ResponseBody or ResponseFile, last</td><td>complete</td><td>part and end</td></tr>
 *   <tr><td>streaming</td><td>ResponseTrailers</td><td>complete</td><td>end with trailers</td></tr>
 * </table>
 *
 * <p><b>The held start.</b> {@code ResponseStart} completes at once and waits for what comes next, so that a whole response is one write. A failure before that
 * is still answered with its own status. To let the head leave before there is a body, send an empty part with {@code more}:
 *
 * <pre>{@code
 * Mono<Void> headOnItsWay = send.send(new ResponseStart(200))
 *         .then(send.send(ResponseBody.more(ByteBuffer.allocate(0))));
 * }</pre>
 *
 * <p><b>Framing is the server's.</b> An application's {@code transfer-encoding} and {@code connection} are ignored (ASGI), but that {@code connection: close}
 * closes the connection after the response. With a {@code content-length} the application is held to it: a part past it is illegal, an end
 * before it aborts the response (the server should fail that send with {@code ProtocolViolationException}). Without one, a body in one last part
 * gets its length from the server; any other is chunked, ended by the end of the connection to an HTTP/1.0 peer, or framed by HTTP/2 and
 * later. The body of a response to {@code HEAD}, of 204 and of 304 is accepted and dropped, and not held to the length, which
 * is sent as it is (but none with 204). Trailers where they can't be sent end the response without them. The server may add {@code date}, {@code server}
 * and fields that its operator asked for, where the application has not set them.
 *
 * <p><b>Files.</b> A file that can't be opened fails its send with {@link java.io.UncheckedIOException}; one that is shorter than its range with
 * {@code ProtocolViolationException}. Nothing has changed then, so a start that was held is still held. A file that shrinks while it is sent
 * aborts the response. The server opens it off the event loop.
 *
 * <p><b>The request's body.</b> {@code 100 Continue} is sent when the application first pulls, if the response has not begun. A body need not be read, and a
 * response may be complete before the request is: the server then reads and drops the rest up to a bound, or closes the connection after
 * the response. Framing of the request (chunks) is removed, its {@code content-length} and {@code transfer-encoding} stay in the headers.
 *
 * <h2 id="websocket">6. WebSocket</h2>
 *
 * <p>The server checks the handshake (RFC 6455 section 4.2.1, RFC 8441) before it calls the application, and refuses a wrong one by itself.
 *
 * <table>
 *   <caption>Events that a WebSocket application receives</caption>
 *   <tr><th>event</th><th>field and type</th><th>when</th></tr>
 *   <tr><td>{@link io.asyncgateway.api.WebSocketEvent.Connect}</td><td></td><td>first, once. It need not be pulled before the answer</td></tr>
 *   <tr><td>{@link io.asyncgateway.api.WebSocketEvent.Receive}</td><td>{@code message}: {@link io.asyncgateway.api.WebSocketMessage}, text or binary</td><td>after {@code Accept}: each whole message in order, inflated, its text valid UTF-8. May be empty</td></tr>
 *   <tr><td rowspan="2">{@link io.asyncgateway.api.WebSocketEvent.Disconnect}</td><td>{@code code}: int</td><td rowspan="2">the WebSocket is closed, by the peer, the server or the application's own {@code Close}; see the table of codes</td></tr>
 *   <tr><td>{@code reason}: String, {@code ""} by default</td></tr>
 * </table>
 *
 * <table>
 *   <caption>Events that a WebSocket application sends</caption>
 *   <tr><th>event</th><th>field and type</th><th>default</th><th>legal values</th></tr>
 *   <tr><td rowspan="4">{@link io.asyncgateway.api.WebSocketEvent.Accept}</td><td>{@code subprotocol}: String</td><td>{@code null}: none</td><td>one of those offered</td></tr>
 *   <tr><td>{@code headers}: Headers</td><td>no fields</td><td>none of the handshake itself ({@code connection}, {@code upgrade}, {@code sec-websocket-*})</td></tr>
 *   <tr><td>{@code maxMessageSize}: int</td><td>the server's limit</td><td>1 or more; a larger value than the server's has no effect. Past it the server closes with 1009</td></tr>
 *   <tr><td>{@code compression}: boolean</td><td>{@code true}</td><td>whether permessage-deflate may be agreed on</td></tr>
 *   <tr><td>{@link io.asyncgateway.api.WebSocketEvent.Send}</td><td>{@code message}: WebSocketMessage</td><td></td><td>any size; the server may fragment it</td></tr>
 *   <tr><td rowspan="2">{@link io.asyncgateway.api.WebSocketEvent.Close}</td><td>{@code code}: int</td><td>1000</td><td>1000 to 1003, 1007 to 1014, 3000 to 4999</td></tr>
 *   <tr><td>{@code reason}: String</td><td>{@code ""}</td><td>at most 123 bytes of UTF-8</td></tr>
 * </table>
 *
 * <table>
 *   <caption>Order of a WebSocket; whatever is not here is illegal</caption>
 *   <tr><th>state</th><th>event</th><th>next state</th><th>on the wire</th></tr>
 *   <tr><td>connecting</td><td>Accept</td><td>open</td><td>101, or 200 over HTTP/2 and later</td></tr>
 *   <tr><td>connecting</td><td>ResponseStart</td><td>held</td><td>nothing; a denial, which goes on as in HTTP</td></tr>
 *   <tr><td>connecting</td><td>Close</td><td>complete</td><td>403; code and reason stay with the server</td></tr>
 *   <tr><td>open</td><td>Send</td><td>open</td><td>the message</td></tr>
 *   <tr><td>open</td><td>Close</td><td>closed</td><td>the close frame</td></tr>
 * </table>
 *
 * <table>
 *   <caption>Codes of Disconnect</caption>
 *   <tr><th>code</th><th>what happened</th></tr>
 *   <tr><td>that of the peer's close frame, with its reason</td><td>the peer closed, or answered the close of the application or the server</td></tr>
 *   <tr><td>1005</td><td>the peer's close frame had no code</td></tr>
 *   <tr><td>1006</td><td>the connection ended without a close frame, or the peer did not answer one in time</td></tr>
 *   <tr><td>1002, 1007, 1008, 1009</td><td>the server closed: protocol error, invalid data, a rule of the server, message too big</td></tr>
 *   <tr><td>1011</td><td>the server closed: its ping was not answered in time</td></tr>
 *   <tr><td>1012, 1001</td><td>the server closed: it is going down</td></tr>
 * </table>
 *
 * <p>The server answers pings, and sends pings of its own, by itself; neither reaches the application, but as a sign of life
 * ({@link io.asyncgateway.api.WebSocketScope#lastHeard()}). After the application's {@code Close} messages of
 * the peer are dropped, and pulls wait for {@code Disconnect}, which comes within a bounded time.
 *
 * <h2 id="lifespan">7. Lifespan</h2>
 *
 * <p>The server's life is a scope of its own, opened once before any socket is bound. An application without one fails with
 * {@link io.asyncgateway.api.UnsupportedScopeException}, and the server goes on. Any other failure before the answer is a failed start-up: the
 * server stops, with exit code 3 where it is a process, and says why.
 *
 * <table>
 *   <caption>Order of a lifespan; whatever is not here is illegal</caption>
 *   <tr><th>state</th><th>what happens</th><th>next state</th><th>what the server does</th></tr>
 *   <tr><td>starting</td><td>receives {@link io.asyncgateway.api.LifespanEvent.Startup}</td><td>starting</td><td>waits for the answer</td></tr>
 *   <tr><td>starting</td><td>sends {@link io.asyncgateway.api.LifespanEvent.StartupComplete}</td><td>serving</td><td>binds its sockets</td></tr>
 *   <tr><td>starting</td><td>sends {@link io.asyncgateway.api.LifespanEvent.StartupFailed} ({@code message}: String)</td><td>ended</td><td>stops and shows the message</td></tr>
 *   <tr><td>starting</td><td>completes, or fails</td><td>ended</td><td>stops; goes on where the failure is UnsupportedScopeException</td></tr>
 *   <tr><td>serving</td><td>completes, or fails</td><td>ended</td><td>goes on; logs a failure. There will be no Shutdown</td></tr>
 *   <tr><td>serving</td><td>receives {@link io.asyncgateway.api.LifespanEvent.Shutdown}, after the last exchange has ended</td><td>stopping</td><td>waits for the answer</td></tr>
 *   <tr><td>stopping</td><td>sends {@link io.asyncgateway.api.LifespanEvent.ShutdownComplete}, or completes</td><td>ended</td><td>stops</td></tr>
 *   <tr><td>stopping</td><td>sends {@link io.asyncgateway.api.LifespanEvent.ShutdownFailed} ({@code message}: String), or fails</td><td>ended</td><td>stops, logs it, and says so by its exit code</td></tr>
 * </table>
 *
 * <p>After {@code Shutdown} a pull fails with {@code ExchangeEndedException}. The answers complete at once. The call may come on any thread, and may
 * block it no more than any other.
 *
 * <pre>{@code
 * LifespanApplication lifespan = LifespanApplication.of(
 *         scope -> Pool.open(scope.settings().get("database"))
 *                 .doOnNext(pool -> scope.state().put(POOL, pool))
 *                 .then(),
 *         scope -> scope.state().require(POOL).close());
 * }</pre>
 *
 * <h2 id="end">8. The end of an exchange: disconnect, deadline, draining</h2>
 *
 * <table>
 *   <caption>Signals of a request</caption>
 *   <tr><th>signal</th><th>fires</th><th>what else happens then</th></tr>
 *   <tr><td>{@link io.asyncgateway.api.RequestScope#disconnected()}</td><td>when the peer is gone before the exchange has ended in order: its connection or stream closed or was reset; a WebSocket was closed by the peer or the server</td><td>a pull that waits gets {@code Disconnect}; sends fail with {@code DisconnectedException}; the disconnect grace period begins</td></tr>
 *   <tr><td>{@link io.asyncgateway.api.RequestScope#deadline()}</td><td>when the time for an HTTP request is over before its response is complete. A WebSocket has no deadline</td><td>pulls and sends fail with {@code DeadlineExceededException}; the application is cancelled at once; 504 where nothing has left, an abort otherwise</td></tr>
 *   <tr><td>{@link io.asyncgateway.api.RequestScope#draining()}</td><td>when the server begins to go down</td><td>nothing: the exchange has the graceful timeout to end by itself. An open WebSocket is closed with 1012 or 1001</td></tr>
 * </table>
 *
 * <p>A signal completes; it carries no value and never fails. It may be subscribed any number of times; who subscribes late gets it at once.
 *
 * <p><b>Ended in order</b> is an HTTP exchange whose response is complete, and a WebSocket that the application has closed or denied. Neither signal of the
 * exchange fires after that, and nothing cancels an application that works on, until the server is forced down.
 *
 * <p><b>Cancellation.</b> The server cancels its subscription to the application's result: when the disconnect grace period (an option, 3 s by default) has
 * passed since {@code disconnected()}, when the deadline passes, and when the graceful timeout (an option, 30 s by default) of a shutdown
 * has passed. An application should release what it holds when it is cancelled. Pulls and sends of a cancelled application fail
 * as before, and are not logged.
 *
 * <p><b>Half-close.</b> An HTTP peer that closed its own direction after its whole request still gets its answer, and is not gone.
 *
 * <p>So a stream without an end of its own ends itself (as {@link io.asyncgateway.api.ServerSentEvents} does):
 *
 * <pre>{@code
 * Mono<Void> end = Mono.firstWithSignal(scope.draining(), scope.disconnected());
 * Mono<Void> response = Http.stream(send, new ResponseStart(200), news.takeUntilOther(end));
 * }</pre>
 *
 * <h2 id="failures">9. Failures</h2>
 *
 * <table>
 *   <caption>What fails, with what, and whose fault it is</caption>
 *   <tr><th>failure</th><th>who makes it, where</th><th>whose fault</th></tr>
 *   <tr><td>{@link io.asyncgateway.api.ProtocolViolationException}</td><td>server: a pull or send against the rules</td><td>application</td></tr>
 *   <tr><td>{@link io.asyncgateway.api.UnsupportedScopeException}</td><td>application: its result</td><td>operator, or nobody (lifespan)</td></tr>
 *   <tr><td>{@link io.asyncgateway.api.RequestException}</td><td>server: a pull, where the body breaks the protocol (400), a limit (413) or a timeout (408). Application and helpers: their own, 503 among them</td><td>peer, or nobody</td></tr>
 *   <tr><td>{@link io.asyncgateway.api.DisconnectedException}</td><td>server: a send. Helpers: a body that did not end</td><td>nobody</td></tr>
 *   <tr><td>{@link io.asyncgateway.api.DeadlineExceededException}</td><td>server: a pull or send</td><td>nobody</td></tr>
 *   <tr><td>{@link io.asyncgateway.api.ExchangeEndedException}</td><td>server: a pull</td><td>nobody</td></tr>
 * </table>
 *
 * <table>
 *   <caption>What a server does when the application's result ends before the exchange has ended in order</caption>
 *   <tr><th>result</th><th>HTTP, nothing has left (idle or held)</th><th>HTTP, streaming</th><th>WebSocket, connecting</th><th>WebSocket, open</th><th>log</th></tr>
 *   <tr><td>completes</td><td>500</td><td>abort</td><td>500</td><td>closes with 1000</td><td>error, but none for an open WebSocket</td></tr>
 *   <tr><td>{@code RequestException}</td><td>its status and fields</td><td>abort</td><td>its status and fields</td><td>closes with 1008; 1013 for 503, 1011 for other 5xx</td><td>none</td></tr>
 *   <tr><td>any other failure</td><td>500</td><td>abort</td><td>500</td><td>closes with 1011</td><td>error</td></tr>
 *   <tr><td>any end after the peer is gone</td><td>nothing</td><td>nothing</td><td>nothing</td><td>nothing</td><td>none for {@code DisconnectedException}</td></tr>
 *   <tr><td>the deadline passed</td><td>504</td><td>abort</td><td></td><td></td><td>none</td></tr>
 * </table>
 *
 * <p>An <b>abort</b> ends the connection (HTTP/1.1) or resets the stream (HTTP/2 and later) such that the peer can't take the response for complete. A status that
 * the server answers with in the application's place has a small body of its own, with a {@code content-type}, and nothing of the failure's
 * message or type; a start that was held is dropped. A failure after the exchange has ended in order changes nothing on the wire; it
 * is logged as an error unless it is nobody's fault.
 *
 * <h2 id="buffers">10. Buffers, header fields, threads</h2>
 *
 * <p><b>Buffers.</b> A received buffer is read-only and the application's own for ever; the server never touches its bytes again. A buffer in an event that
 * is sent must not be changed until the send completes or fails; of one that was cancelled, until the application's result has ended and
 * {@code disconnected()} has fired, or the exchange has ended in order. After that it may be reused. The server reads from position to limit and moves neither. Heap,
 * direct and read-only buffers are all right. One event may be sent in many exchanges. There is nothing to release.
 *
 * <p><b>Header fields.</b> Names are in lower case, values Latin-1 strings of which each character is one octet. Those that an application makes are validated
 * at construction (RFC 9110 section 5): names are tokens, values have no CR, LF, NUL or other control character. Order and duplicates are kept both
 * ways. A server should not check them a second time.
 *
 * <p><b>Threads.</b> The application is called, and events and signals are delivered, on the event loop of the connection ({@code draining()}: on any thread), so
 * an application must not block there. It may use {@code receive}, {@code send} and the scope from any thread, one at a time as the rules say; the
 * server brings each call to its event loop. A send completes on the event loop, or on the thread that subscribed it where it can
 * complete at once. Nothing is thread-local; the Reactor context of the application's subscription is empty.
 *
 * <h2 id="backpressure">11. Backpressure</h2>
 *
 * <p>What nobody takes is not kept. A server must bound what it holds of one connection in each direction:
 *
 * <ul>
 *   <li><b>Inbound</b>: one window of bytes that were read from the socket and not pulled (an option, 64 KiB by default), plus what one read of the socket
 *       brings on top; for a WebSocket also the one message that is being put together, up to its limit. Past that it stops reading, so
 *       that the peer is slowed down by its own transport. With several exchanges on one connection (HTTP/2 and later) an application that does
 *       not pull holds back its own stream alone.
 *   <li><b>Outbound</b>: one high-water mark of bytes that the transport has not taken (an option, 64 KiB by default), plus one event of the application. Past
 *       that a send stays outstanding.
 * </ul>
 *
 * <p>So the right loop waits for each send before the next, and asks its source for an element only then:
 *
 * <pre>{@code
 * Mono<Void> response = send.send(start)
 *         .then(rows.concatMap(row -> send.send(ResponseBody.more(row)), 1).then())
 *         .then(Mono.defer(() -> send.send(ResponseBody.last())));
 * }</pre>
 *
 * <p>A peer that takes nothing, or too little, for too long counts as gone.
 *
 * <h2 id="second">12. Who writes a server, who writes a middleware</h2>
 *
 * <p>A <b>server</b> implements {@link io.asyncgateway.api.HttpScope}, {@link io.asyncgateway.api.WebSocketScope} and
 * {@link io.asyncgateway.api.Headers} over its own structures, cuts targets with {@link io.asyncgateway.api.RequestTargets}, makes a
 * {@link io.asyncgateway.api.LifespanScope#of lifespan scope}, lives it by a {@link io.asyncgateway.api.LifespanRun} and gives each request a {@link io.asyncgateway.api.State#layer() layer} of its state.
 * The conformance kit in {@link io.asyncgateway.api.testing} holds it to this page.
 *
 * <p>A <b>middleware</b> ({@link io.asyncgateway.api.Middleware}) may replace scope, receive and send for the application inside, and keeps every rule of this page
 * towards both sides. Single fields of a scope are changed by {@link io.asyncgateway.api.HttpScopeWrapper} and
 * {@link io.asyncgateway.api.WebSocketScopeWrapper}. Tests of applications and middleware use
 * {@link io.asyncgateway.api.testing.ApplicationDriver}.
 */
@NullMarked
package io.asyncgateway.api;

import org.jspecify.annotations.NullMarked;
