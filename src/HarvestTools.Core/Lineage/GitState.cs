using HarvestTools.Files;

namespace HarvestTools.Lineage;

/// <summary>The commit that a checkout is at.</summary>
/// <param name="Commit">Its hash.</param>
/// <param name="Dirty">Whether files that it has were changed since.</param>
internal sealed record GitState(string Commit, bool Dirty)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What is checked out; null outside of a git checkout and before its first commit. Without the git program nothing is known of
    /// changes, and none are assumed.
    /// </summary>
    /// <param name="folder">Full path of a folder of the checkout.</param>
    /// <param name="except">A folder below it whose changes do not count, with <c>/</c>: that of the slices, which registering changes.</param>
    public static GitState? TryRead(string folder, string except) => GitHead.TryRead(folder) is not { } commit ? null
        : new GitState(commit, Output(folder, "status", GitProgram.Option("porcelain"), GitProgram.Option("untracked-files=no"), GitProgram.Option(""), ":/", $":(exclude){except}") is { Length: > 0 });

    /// <summary>Whether the files of two commits are the same; false where git does not know one of them, or is not installed.</summary>
    /// <param name="folder">Full path of a folder of the checkout.</param>
    /// <param name="commit">A commit, as slice.json has it.</param>
    /// <param name="other">Another one, or <c>HEAD</c>.</param>
    /// <param name="except">A folder below it that does not count, with <c>/</c>.</param>
    public static bool SameFiles(string folder, string commit, string other, string except) =>
        Resolve(folder, commit) is { } known && Resolve(folder, other) is { } second && Output(folder, "diff", GitProgram.Option("quiet"), GitProgram.Option("no-ext-diff"), known, second, GitProgram.Option(""), ":/", $":(exclude){except}") is not null;

    /// <summary>The hash of a commit that is named by a branch, a tag or its first digits; null where git knows none.</summary>
    /// <param name="folder">Full path of a folder of the checkout.</param>
    /// <param name="name">The name.</param>
    public static string? Resolve(string folder, string name) => name.StartsWith('-') ? null
        : Output(folder, "rev-parse", GitProgram.Option("verify"), GitProgram.Option("quiet"), $"{name}^{{commit}}")?.Trim() is { Length: > 0 } commit ? commit : null;

    /// <summary>The names of the tags of commits that the present one follows, or is; none where git does not say.</summary>
    /// <param name="folder">Full path of a folder of the checkout.</param>
    public static IReadOnlyList<string> TagsBefore(string folder) =>
        Output(folder, "tag", GitProgram.Option("merged"), "HEAD")?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>What a call of git prints; null where it fails or there is no git.</summary>
    private static string? Output(string folder, params ReadOnlySpan<string> arguments)
    {
        if (GitProgram.In(folder) is not { } start)
        {
            return null;
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return ProgramCall.Run(start, s_patience) is { ExitCode: 0 } answer ? answer.Output : null;
    }
}
