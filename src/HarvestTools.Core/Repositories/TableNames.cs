using HarvestTools.Tables;

namespace HarvestTools.Repositories;

/// <summary>The names of tables, for completion.</summary>
public static class TableNames
{
    /// <summary>Those of the newest slice, where a team's own program wrote them, else those that the rules derive.</summary>
    /// <param name="repository">The repository; null where there is none.</param>
    public static IReadOnlyList<string> Of(Repository? repository)
    {
        string[] derived = [.. TableCatalog.All.Select(static table => table.Name)];
        try
        {
            return repository?.Slices.Versions() is [.., var newest] && repository.Slices.Load(newest) is { IsProgram: true, ProgramOutputs.Count: > 0 } slice
                ? [.. slice.ProgramOutputs.Select(static output => output.Table).Distinct()]
                : derived;
        }
        catch (HarvestException)
        {
            return derived;
        }
    }
}
