/**
 * A chat with several rooms: {@code ./async-gateway io.asyncgateway.samples.chat.Chat}, then open {@code http://localhost:8000/}. With
 * {@code --set redis=redis://localhost:6379} any number of processes are one chat.
 *
 * <p>{@link io.asyncgateway.samples.chat.Chat} says how it is put together. This page is its protocol, which a client of your own can speak too.
 *
 * <h2>Messages</h2>
 *
 * <p>On the WebSocket {@code /ws} both sides send text messages, each a JSON object with a {@code type}. Fields that the server does not know it ignores,
 * and so should clients. A <i>person</i> is <code>{"id": "…", "name": "…"}</code>.
 *
 * <table>
 *   <caption>From the client</caption>
 *   <tr><th>type</th><th>fields</th><th>answer</th></tr>
 *   <tr><td>{@code hello}</td><td>{@code name}; {@code key}: 22 to 64 characters of {@code A-Z a-z 0-9 - _} that nobody can guess, the
 *       same after each reconnect</td><td>{@code welcome}. The first message, within 10 s; once more, it changes nothing</td></tr>
 *   <tr><td>{@code join}</td><td>{@code room}; {@code lastSeen}: the id of the last message that has come from it, to go on behind it; without, the
 *       last messages are shown</td><td>the {@code message}s that it has missed, then {@code joined} and {@code members}</td></tr>
 *   <tr><td>{@code leave}</td><td>{@code room}</td><td>none</td></tr>
 *   <tr><td>{@code say}</td><td>{@code room}; {@code text}; {@code clientId}: 1 to 64 characters of {@code A-Z a-z 0-9 - _}, another one for each
 *       message</td><td>{@code ack}, and the {@code message} to all in the room, the sender too; in either order</td></tr>
 *   <tr><td>{@code typing}</td><td>{@code room}; {@code active}: whether somebody types or has stopped</td><td>none</td></tr>
 *   <tr><td>{@code ping}</td><td></td><td>{@code pong}</td></tr>
 * </table>
 *
 * <table>
 *   <caption>From the server</caption>
 *   <tr><th>type</th><th>fields</th><th>meaning</th></tr>
 *   <tr><td>{@code welcome}</td><td>{@code you}: a person; {@code rooms}: the suggested ones, each with {@code name} and {@code about};
 *       {@code limits}: {@code text} and {@code name} in code points, {@code rooms}</td><td>who the client is from now on</td></tr>
 *   <tr><td>{@code joined}</td><td>{@code room}; {@code complete}: whether nothing is missing behind {@code lastSeen}; {@code latest}: what comes live
 *       comes behind this id</td><td>everything that was missed has been sent</td></tr>
 *   <tr><td>{@code members}</td><td>{@code room}; {@code members}: persons, each with {@code member}: the id of one connection</td><td>who is in the room;
 *       replaces what was known. Behind {@code joined}, and again where the client was too slow for {@code presence}</td></tr>
 *   <tr><td>{@code message}</td><td>{@code id}; {@code room}; {@code from}: a person; {@code clientId}; {@code text}; {@code at}: ISO 8601</td>
 *       <td>somebody has said something. Ids of a room ascend: {@code milliseconds-sequence}</td></tr>
 *   <tr><td>{@code ack}</td><td>{@code room}; {@code clientId}; {@code id}</td><td>the message is kept and has this id</td></tr>
 *   <tr><td>{@code presence}</td><td>{@code room}; {@code who}: a person with {@code member}; {@code here}</td><td>a connection has come or gone;
 *       a person with several is there until the last has gone</td></tr>
 *   <tr><td>{@code gap}</td><td></td><td>the server itself has lost messages of some room</td></tr>
 *   <tr><td>{@code typing}</td><td>{@code room}; {@code who}: a person; {@code active}</td><td>forget it after 6 s without another</td></tr>
 *   <tr><td>{@code error}</td><td>{@code kind}; {@code text}: for people; {@code room} and {@code clientId} of what was refused; {@code retryAfter}:
 *       milliseconds</td><td>see below</td></tr>
 *   <tr><td>{@code pong}</td><td></td><td></td></tr>
 * </table>
 *
 * <table>
 *   <caption>Kinds of errors</caption>
 *   <tr><th>kind</th><th>what to do</th></tr>
 *   <tr><td>{@code name}</td><td>say {@code hello} with another name</td></tr>
 *   <tr><td>{@code room}, {@code too-many-rooms}, {@code text}, {@code too-long}, {@code bad-message}</td><td>nothing: it will not be taken</td></tr>
 *   <tr><td>{@code too-fast}</td><td>the same again after {@code retryAfter}</td></tr>
 *   <tr><td>{@code unavailable}</td><td>the same again later: whether a message was kept is not known</td></tr>
 * </table>
 *
 * <p>Who goes on with what is no message (after {@value io.asyncgateway.samples.chat.ChatSession#MAX_BAD_MESSAGES}) is closed with 1008, who sends more than
 * 32 KiB in one with 1009, who does not take what comes with 1008. All of them may come back and go on where they were.
 *
 * <h2>Once, and only once</h2>
 *
 * <p>A client that lost its connection, or has heard nothing for some time, joins again with {@code lastSeen}, waits for {@code joined}, and says
 * again what was not acknowledged, with the same {@code clientId}. What it finds in the log it need not say again; what was still on its way the server knows
 * by sender and {@code clientId}, where it is the same process; and on another process a client that shows a message drops one with the sender and
 * {@code clientId} of an earlier one.
 *
 * <h2>Who is who</h2>
 *
 * <p>Names are free, so two people may have the same. What nobody can choose is the {@code id}: a hash of the {@code key}, which only the client itself
 * knows. A page shows people with like names apart: by a colour that comes from the id, and by the beginning of the id itself.
 */
@NullMarked
package io.asyncgateway.samples.chat;

import org.jspecify.annotations.NullMarked;
