using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>A program that a definition runs, with what trusting it would trust.</summary>
/// <param name="HarvestVersion">The definition, <c>harvest@v1.4.2</c>.</param>
/// <param name="Sha256">Its hash, which covers all that follows.</param>
/// <param name="Command">The command line, a word each.</param>
/// <param name="Files">The files of the repository that it gets.</param>
/// <param name="Trusted">Whether it may be run on this machine.</param>
public sealed record DefinedProgram(string HarvestVersion, string Sha256, IReadOnlyList<string> Command, IReadOnlyList<string> Files, bool Trusted)
{
    /// <summary>The steps before it, the first one first, which its hash covers too; one of rules has no command.</summary>
    public IReadOnlyList<DefinedProgram> Steps { get; init; } = [];

    /// <summary><c>harvest@v1.4.2 ef261e446ec3</c>.</summary>
    public override string ToString() => $"{HarvestVersion} {Strings.Figures.ShortHash(Sha256)}";
}

/// <summary>Says which programs may be run on this machine. Nothing here runs one.</summary>
public static class TrustProgram
{
    /// <summary>What would be trusted; nothing is changed.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="version">The slice whose program is meant; null for that of harvest.json.</param>
    /// <exception cref="HarvestException">NoProgram, DefinitionNotChosen; the slice, its definition or a file of it is not there.</exception>
    public static DefinedProgram Describe(Repository repository, string? version)
    {
        ArgumentNullException.ThrowIfNull(repository);
        if (version is null && repository is { Definition: null, Settings.Definitions.Last: { Count: > 1 } last })
        {
            throw ProgramErrors.DefinitionNotChosen(last, trust: true);
        }

        HarvestDefinition definition = version is null ? repository.Harvest : SliceInputs.Definition(repository, repository.Slices.Load(version));
        return definition.Program is null ? throw ProgramRunErrors.NoProgram(definition.FullVersion)
            : Named(definition, repository.Trust.Contains(definition.Sha256)) with { Steps = [.. definition.Steps.SkipLast(1).Select(step => Named(step, trusted: false))] };
    }

    private static DefinedProgram Named(HarvestDefinition definition, bool trusted) => new(
        definition.FullVersion, definition.Sha256, definition.Program?.Run ?? [], [.. (definition.Program?.Content?.Files ?? []).Select(static file => file.Path)], trusted);

    /// <summary>Trusts a program in exactly the content that it has now.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="version">The slice whose program is meant; null for that of harvest.json.</param>
    /// <param name="context">The clock.</param>
    /// <returns>What is trusted from now on.</returns>
    /// <exception cref="HarvestException">As <see cref="Describe"/>; TrustNotWritable.</exception>
    public static DefinedProgram Run(Repository repository, string? version, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        DefinedProgram program = Describe(repository, version);
        _ = repository.Trust.Add(new TrustedProgram(program.Sha256, program.HarvestVersion, repository.Root, context.Clock.GetUtcNow()));
        return program with { Trusted = true };
    }

    /// <summary>What is trusted on this machine, in the order in which it was.</summary>
    /// <exception cref="HarvestException">TrustNotOwn.</exception>
    public static IReadOnlyList<TrustedProgram> List()
    {
        var list = TrustList.OfUser();
        return list.NotOwn is { } path ? throw ProgramRunErrors.TrustNotOwn(path) : list.All();
    }

    /// <summary>Takes trust back.</summary>
    /// <param name="prefix">The beginning of the hash.</param>
    /// <returns>What is trusted no more.</returns>
    /// <exception cref="HarvestException">TrustUnknown.</exception>
    public static IReadOnlyList<TrustedProgram> Revoke(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return TrustList.OfUser().Remove(prefix);
    }
}
