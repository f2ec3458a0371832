package io.asyncgateway.cli;

import io.asyncgateway.api.Application;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the application of a target, of whatever {@link ApplicationKind kind} it is, and makes it one of the contract. Each failure says in a line what was looked for, what was found, and what was
 * expected.
 */
final class ApplicationLoader {
    private final Target target;
    private final Launch launch;
    private final Interface kinds;
    private final boolean factory;
    private final ClassLoader loader;

    private ApplicationLoader(Target target, Launch launch, ClassLoader loader) {
        this.target = target;
        this.launch = launch;
        this.kinds = launch.application().kinds();
        this.factory = launch.application().factory();
        this.loader = loader;
    }

    /** Runs the application's code on this thread: static initializers, its constructor or factory. */
    static Application load(Target target, Launch launch, ClassLoader loader) {
        ApplicationLoader found = new ApplicationLoader(target, launch, loader);
        Path file = target.file();
        if (file != null) {
            return found.open(file);
        }
        if (found.factory && target.members().isEmpty()) {
            throw new UsageException(
                    "factory: " + target + " names no method (expected: " + target + ":method as the target)");
        }
        return found.load();
    }

    private Application open(Path file) {
        if (!Files.exists(file)) {
            throw new StartException("application not found: no file " + file);
        }
        return kinds.all().stream()
                .filter(kind -> kind.opens(file))
                .findFirst()
                .orElseThrow(() -> new StartException(
                        "application not found: " + file + " holds none (expected: " + Target.EXPECTED + ")"))
                .open(file, launch);
    }

    private Application load() {
        Class<?> type = find();
        try {
            Class.forName(type.getName(), true, loader);
            return target.members().isEmpty() ? construct(type) : member(type);
        } catch (ExceptionInInitializerError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartException(
                    "the static initializer of " + type.getName() + " threw " + OneLine.of(cause), cause);
        } catch (NoClassDefFoundError e) {
            throw new StartException(
                    target + " needs a class that is not on the class path: "
                            + OneLine.of(String.valueOf(e.getMessage())),
                    e);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new StartException("can't load " + target + ": " + OneLine.of(e), e);
        }
    }

    /** The class by its name, where dots before a nested class are tried as what they are in class files. */
    private Class<?> find() {
        String name = target.className();
        while (true) {
            try {
                return Class.forName(name, false, loader);
            } catch (ClassNotFoundException e) {
                int dot = name.lastIndexOf('.');
                if (dot < 0) {
                    throw notFound(e);
                }
                name = name.substring(0, dot) + '$' + name.substring(dot + 1);
            } catch (NoClassDefFoundError e) {
                // A file system that ignores case finds another class's file.
                throw notFound(e);
            } catch (LinkageError e) {
                throw new StartException("can't load " + target + ": " + OneLine.of(e), e);
            }
        }
    }

    private StartException notFound(Throwable cause) {
        String hint = ClassNames.nearest(target.className(), loader)
                .map(name -> " (did you mean " + name + "?)")
                .orElse(" (expected: a class on the class path; see --class-path and --app-dir)");
        return new StartException("application not found: no class " + target.className() + hint, cause);
    }

    private Application construct(Class<?> type) {
        ApplicationKind kind = kinds.of(type);
        if (kind == null) {
            String members = NamedMember.applications(type, kinds);
            throw new StartException("application not found: " + type.getName() + " is no " + kinds.expected()
                    + (members.isEmpty() ? " (expected: a class that is one, or CLASS:MEMBER)" : members));
        }
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            throw new StartException("application not found: " + type.getName()
                    + " is abstract (expected: a class that " + "can be constructed, or CLASS:MEMBER)");
        }
        return kind.adapt(construct(type, constructor(type)), launch);
    }

    private static Constructor<?> constructor(Class<?> type) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            if (!Modifier.isPrivate(constructor.getModifiers())) {
                return constructor;
            }
        } catch (NoSuchMethodException e) {
            throw noConstructor(type, e);
        }
        throw noConstructor(type, null);
    }

    private static StartException noConstructor(Class<?> type, @Nullable Throwable cause) {
        boolean inner = type.isMemberClass() && !Modifier.isStatic(type.getModifiers());
        return new StartException(
                "application not found: " + type.getName()
                        + (inner
                                ? " is an inner class (expected: a static nested class"
                                : " has no no-argument constructor" + " that is not private (expected: one")
                        + ", or CLASS:MEMBER)",
                cause);
    }

    private static Object construct(Class<?> type, Constructor<?> constructor) {
        try {
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw threw(type.getName() + "()", e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new StartException("can't construct " + type.getName() + ": " + OneLine.of(e), e);
        }
    }

    private Application member(Class<?> type) {
        List<String> path = target.members();
        Object value = null;
        Class<?> holder = type;
        String name = type.getName();
        for (int i = 0; i < path.size(); i++) {
            boolean last = i == path.size() - 1;
            NamedMember member = NamedMember.find(holder, value, name, path.get(i), factory && last);
            value = member.read();
            name = member.toString();
            if (value == null) {
                throw new StartException(
                        "application not found: " + name + " is null (expected: an " + kinds.expected() + ")");
            }
            holder = value.getClass();
        }
        return adapt(Objects.requireNonNull(value, "members"), name);
    }

    private Application adapt(Object found, String name) {
        ApplicationKind kind = kinds.of(found.getClass());
        if (kind == null) {
            throw new StartException("application not found: " + name + " is a "
                    + found.getClass().getName() + " (expected: an " + kinds.expected() + ")");
        }
        return kind.adapt(found, launch);
    }

    static StartException threw(String what, InvocationTargetException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new StartException(what + " threw " + OneLine.of(cause), cause);
    }
}
