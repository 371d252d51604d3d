using HarvestTools.Work;

namespace HarvestTools.Cli.Arguments;

/// <summary>The files that a command line names.</summary>
internal static class FileArguments
{
    /// <summary>
    /// Full paths in the order given. A pattern with <c>*</c> or <c>?</c> that the shell left alone (always so on Windows)
    /// means the files it matches in its folder, sorted; a file of exactly that name comes first.
    /// </summary>
    public static void ForEach(Invocation run, IEnumerable<string> arguments, Action<NamedFile> step) =>
        run.ForEach(arguments, argument => run.ForEach(Expand(run, argument), file =>
        {
            if (Directory.Exists(file.Path))
            {
                throw CliErrors.FolderGiven(file.Name);
            }

            step(file);
        }));

    /// <summary>As <see cref="ForEach"/>, with the work on some files at once; results and errors come in the order given.</summary>
    /// <param name="run">The command's run.</param>
    /// <param name="arguments">Files and patterns.</param>
    /// <param name="atOnce">How many files are worked on at the same time.</param>
    /// <param name="work">Done on other threads.</param>
    /// <param name="step">Done with each result on the calling thread.</param>
    public static void ForEach<T>(Invocation run, IEnumerable<string> arguments, int atOnce, Func<NamedFile, T> work, Action<NamedFile, T> step)
    {
        using var results = new OrderedWork<T>(atOnce, run.Cancellation);
        var begun = new Queue<NamedFile>();
        ForEach(run, arguments, file =>
        {
            begun.Enqueue(file);
            results.Begin(() => work(file));
            if (begun.Count == atOnce)
            {
                TakeFirst();
            }
        });
        run.ForEach(Enumerable.Range(0, begun.Count), _ => TakeFirst());

        void TakeFirst()
        {
            NamedFile file = begun.Dequeue();
            step(file, results.Take());
        }
    }

    private static NamedFile[] Expand(Invocation run, string argument)
    {
        string name = Path.GetFileName(argument);
        if (name.AsSpan().IndexOfAny('*', '?') < 0 || File.Exists(run.Resolve(argument)))
        {
            return [new NamedFile(argument, run.Resolve(argument))];
        }

        // Empty for a bare pattern, which is then in the current folder.
        string given = argument[..^name.Length];
        string folder = run.Resolve(given.Length == 0 ? "." : given);
        string[] matches = Directory.Exists(folder) ? Directory.GetFiles(folder, name, Matching) : [];
        if (matches.Length == 0)
        {
            throw CliErrors.PatternMatchesNothing(argument);
        }

        Array.Sort(matches, StringComparer.Ordinal);
        return [.. matches.Select(match => new NamedFile(given + Path.GetFileName(match), match))];
    }

    // As shells do: hidden files only where the pattern names the dot, which '*' here never does.
    private static EnumerationOptions Matching => new()
    {
        MatchType = MatchType.Simple,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        MatchCasing = OperatingSystem.IsWindows() ? MatchCasing.CaseInsensitive : MatchCasing.CaseSensitive,
    };
}

/// <param name="Name">As the user wrote it.</param>
/// <param name="Path">Full path.</param>
internal readonly record struct NamedFile(string Name, string Path);
