namespace HarvestTools.Repositories;

/// <summary>Errors about the repository as a whole.</summary>
internal static class RepositoryErrors
{
    public static HarvestException NotARepository(string folder) => new(
        nameof(NotARepository), HarvestFault.NotARepository,
        $"There is no harvest.json in '{folder}' or in a folder above it.",
        $"Change to a repository, name one with {new RemedyAction.ChooseRepository()}, or make one with {new RemedyAction.InitializeRepository()}.", folder);

    public static HarvestException RepositoryExists(string folder) => new(
        nameof(RepositoryExists), HarvestFault.Usage,
        $"'{folder}' is already a repository: it has a harvest.json, which was not changed.",
        "Use the repository as it is, or choose another folder.", folder);

    public static HarvestException LocalSettingsCommitted() => new(
        nameof(LocalSettingsCommitted), HarvestFault.InvalidData,
        "harvest.local.json is committed: every clone takes the folders of the machine that committed it for its own.",
        "Remove it from git, leave the file where it is, and have a line /harvest.local.json in .gitignore.", "harvest.local.json");
}
