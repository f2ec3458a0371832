package io.asyncgateway.cli;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A field or no-argument method by its name: static in a class, of either kind in an object. Any visibility but private will do; whoever
 * names it means it.
 *
 * @param found the field or method
 * @param holder the object, or {@code null} for a static one
 * @param owner what leads to it, for messages
 */
record NamedMember(Member found, @Nullable Object holder, String owner) {

    static NamedMember find(Class<?> type, @Nullable Object holder, String owner, String name, boolean methodsAlone) {
        List<Member> all = Stream.concat(methodsAlone ? Stream.empty() : fields(type), methods(type))
                .filter(member -> member.getName().equals(name))
                .toList();
        Optional<Member> usable =
                all.stream().filter(member -> usable(member, holder)).findFirst();
        return new NamedMember(
                usable.orElseThrow(() -> new StartException(
                        "application not found: " + problem(all, type, holder, owner, name, methodsAlone))),
                holder,
                owner);
    }

    /** The value of the field, or what the method returns. */
    @Nullable
    Object read() {
        try {
            ((AccessibleObject) found).setAccessible(true);
            return found instanceof Field field ? field.get(holder) : ((Method) found).invoke(holder);
        } catch (InvocationTargetException e) {
            throw ApplicationLoader.threw(toString(), e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new StartException("can't read " + this + ": " + OneLine.of(e), e);
        }
    }

    @Override
    public String toString() {
        return owner + "." + found.getName() + (found instanceof Method ? "()" : "");
    }

    /** A hint at the static members of a class that are applications; empty where there are none. */
    static String applications(Class<?> type, Interface kinds) {
        return Stream.concat(fields(type), methods(type))
                .filter(member -> usable(member, null) && kinds.of(typeOf(member)) != null)
                .findFirst()
                .map(member -> " (did you mean " + type.getName() + ":" + member.getName() + "?)")
                .orElse("");
    }

    private static boolean usable(Member member, @Nullable Object holder) {
        return !Modifier.isPrivate(member.getModifiers())
                && (holder != null || Modifier.isStatic(member.getModifiers()))
                && (member instanceof Field || ((Method) member).getParameterCount() == 0);
    }

    private static String problem(
            List<Member> all, Class<?> type, @Nullable Object holder, String owner, String name, boolean methodsAlone) {
        String expected = (methodsAlone ? "a " : "a field or a ") + "no-argument method"
                + (holder == null ? ", static" : "") + " and not private";
        if (!all.isEmpty()) {
            return owner + "." + name + " " + flaw(all.get(0)) + " (expected: " + expected + ")";
        }
        Predicate<Member> fits = member -> usable(member, holder);
        List<String> names = Stream.concat(methodsAlone ? Stream.empty() : fields(type), methods(type))
                .filter(fits)
                .map(Member::getName)
                .toList();
        return owner + " has no member " + name
                + Nearest.to(name, names)
                        .map(near -> " (did you mean " + near + "?)")
                        .orElse(" (expected: " + expected + ")");
    }

    private static String flaw(Member member) {
        if (Modifier.isPrivate(member.getModifiers())) {
            return "is private";
        }
        return member instanceof Method method && method.getParameterCount() > 0 ? "takes arguments" : "is not static";
    }

    private static Class<?> typeOf(Member member) {
        return member instanceof Field field ? field.getType() : ((Method) member).getReturnType();
    }

    private static Stream<Member> fields(Class<?> type) {
        return types(type).flatMap(each -> Arrays.stream(each.getDeclaredFields()));
    }

    private static Stream<Member> methods(Class<?> type) {
        return types(type).flatMap(each -> Arrays.stream(each.getDeclaredMethods()));
    }

    /** The class, what it extends, and the interfaces of those, whose constants and default methods are members too. */
    private static Stream<Class<?>> types(Class<?> type) {
        Stream.Builder<Class<?>> types = Stream.builder();
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            types.add(each);
        }
        Stream<Class<?>> classes = types.build();
        return Stream.concat(classes, interfaces(type)).distinct();
    }

    private static Stream<Class<?>> interfaces(@Nullable Class<?> type) {
        return type == null
                ? Stream.empty()
                : Stream.concat(
                        Arrays.stream(type.getInterfaces())
                                .flatMap(each -> Stream.concat(Stream.of(each), interfaces(each))),
                        interfaces(type.getSuperclass()));
    }
}
