package io.asyncgateway.websocket.room;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.asyncgateway.websocket.room.ControlMessage.Bye;
import io.asyncgateway.websocket.room.ControlMessage.Change;
import io.asyncgateway.websocket.room.ControlMessage.Changes;
import io.asyncgateway.websocket.room.ControlMessage.Digest;
import io.asyncgateway.websocket.room.ControlMessage.Hello;
import io.asyncgateway.websocket.room.ControlMessage.Resync;
import io.asyncgateway.websocket.room.ControlMessage.RoomVersion;
import io.asyncgateway.websocket.room.ControlMessage.Snapshot;
import io.asyncgateway.websocket.room.ControlMessage.SnapshotRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Control messages as octets: {@link Envelope#CONTROL}, a letter for the kind, the sender, and the fields in their order. Numbers are big-endian, a
 * text is its length in two octets and UTF-8, a list its length in two octets and the elements.
 */
final class ControlCodec {
    private static final int MAX_LIST = 0xffff;

    private ControlCodec() {}

    static ByteBuffer encode(ControlMessage message) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(128);
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeByte(Envelope.CONTROL);
            out.writeByte(kind(message));
            text(out, message.node());
            if (message instanceof Changes changes) {
                write(out, changes);
            } else if (message instanceof SnapshotRequest request) {
                text(out, request.of());
                text(out, request.replyTo());
            } else if (message instanceof Snapshot snapshot) {
                write(out, snapshot);
            } else if (message instanceof Digest digest) {
                write(out, digest);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return ByteBuffer.wrap(octets.toByteArray());
    }

    private static char kind(ControlMessage message) {
        if (message instanceof Changes) {
            return 'c';
        } else if (message instanceof SnapshotRequest) {
            return 'q';
        } else if (message instanceof Snapshot) {
            return 's';
        } else if (message instanceof Digest) {
            return 'd';
        } else if (message instanceof Hello) {
            return 'h';
        } else if (message instanceof Resync) {
            return 'r';
        }
        return 'b';
    }

    private static void write(DataOutputStream out, Changes changes) throws IOException {
        out.writeLong(changes.firstVersion());
        length(out, changes.changes());
        for (Change change : changes.changes()) {
            MemberInfo joined = change.joined();
            out.writeBoolean(joined != null);
            if (joined == null) {
                text(out, change.id());
            } else {
                write(out, joined);
            }
        }
    }

    private static void write(DataOutputStream out, Snapshot snapshot) throws IOException {
        out.writeLong(snapshot.version());
        out.writeInt(snapshot.part());
        out.writeInt(snapshot.parts());
        length(out, snapshot.members());
        for (MemberInfo member : snapshot.members()) {
            write(out, member);
        }
    }

    private static void write(DataOutputStream out, Digest digest) throws IOException {
        length(out, digest.rooms());
        for (RoomVersion room : digest.rooms()) {
            text(out, room.room());
            out.writeLong(room.version());
        }
    }

    private static void write(DataOutputStream out, MemberInfo member) throws IOException {
        text(out, member.id());
        text(out, member.name());
        text(out, member.info());
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(UTF_8);
        out.writeShort(utf8.length);
        out.write(utf8);
    }

    private static void length(DataOutputStream out, List<?> list) throws IOException {
        if (list.size() > MAX_LIST) {
            throw new IllegalArgumentException("list: " + list.size() + " elements (expected: at most 65535)");
        }
        out.writeShort(list.size());
    }

    /**
     * Reads a message.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    static ControlMessage decode(ByteBuffer octets) {
        ByteBuffer in = octets.slice();
        try {
            in.get();
            char kind = (char) in.get();
            String node = text(in);
            return switch (kind) {
                case 'c' -> new Changes(node, in.getLong(), list(in, () -> change(in)));
                case 'q' -> new SnapshotRequest(node, text(in), text(in));
                case 's' -> new Snapshot(node, in.getLong(), in.getInt(), in.getInt(), list(in, () -> member(in)));
                case 'd' -> new Digest(node, list(in, () -> new RoomVersion(text(in), in.getLong())));
                case 'h' -> new Hello(node);
                case 'r' -> new Resync(node);
                case 'b' -> new Bye(node);
                default -> throw new IllegalArgumentException("control message: kind " + (int) kind + " is unknown");
            };
        } catch (BufferUnderflowException cutOff) {
            throw new IllegalArgumentException("control message: cut off", cutOff);
        }
    }

    private static Change change(ByteBuffer in) {
        if (in.get() == 0) {
            return new Change(text(in), null);
        }
        MemberInfo joined = member(in);
        return new Change(joined.id(), joined);
    }

    private static MemberInfo member(ByteBuffer in) {
        return new MemberInfo(text(in), text(in), text(in));
    }

    private static <T> List<T> list(ByteBuffer in, Supplier<T> element) {
        int length = in.getShort() & MAX_LIST;
        List<T> list = new ArrayList<>(Math.min(length, in.remaining()));
        for (int i = 0; i < length; i++) {
            list.add(element.get());
        }
        return list;
    }

    private static String text(ByteBuffer in) {
        byte[] utf8 = new byte[in.getShort() & MAX_LIST];
        in.get(utf8);
        return new String(utf8, UTF_8);
    }
}
