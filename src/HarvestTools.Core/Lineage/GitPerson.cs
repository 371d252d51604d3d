using HarvestTools.Files;

namespace HarvestTools.Lineage;

/// <summary>Who works in a checkout, as git would write it into a commit.</summary>
internal static class GitPerson
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary><c>Ada Lovelace &lt;ada@example.org&gt;</c>, or the one of the two that is set; null where neither is, or there is no git.</summary>
    /// <param name="folder">Full path of a folder of the checkout.</param>
    public static string? TryRead(string folder)
    {
        string? name = Setting(folder, "user.name");
        string? mail = Setting(folder, "user.email");
        return name is null ? mail : mail is null ? name : $"{name} <{mail}>";
    }

    private static string? Setting(string folder, string name)
    {
        if (GitProgram.In(folder) is not { } start)
        {
            return null;
        }

        start.ArgumentList.Add("config");
        start.ArgumentList.Add(name);
        return ProgramCall.Run(start, s_patience) is { ExitCode: 0 } answer && answer.Output.Trim() is { Length: > 0 } value ? value : null;
    }
}
