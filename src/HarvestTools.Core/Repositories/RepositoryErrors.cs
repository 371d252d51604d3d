namespace HarvestTools.Repositories;

/// <summary>Errors about the repository as a whole.</summary>
internal static class RepositoryErrors
{
    public static HarvestException NotARepository(string folder) => new(
        nameof(NotARepository), HarvestFault.NotARepository,
        $"Neither '{folder}' nor a folder above it holds a harvest.json.",
        "Change to a repository, name one with -C or -Repository, or make one with 'harvest init' (Initialize-HarvestRepository).", folder);

    public static HarvestException RepositoryExists(string folder) => new(
        nameof(RepositoryExists), HarvestFault.Usage,
        $"'{folder}' is a repository already: it holds a harvest.json, which was left as it is.",
        "Use the repository as it is, or choose another folder.", folder);
}
