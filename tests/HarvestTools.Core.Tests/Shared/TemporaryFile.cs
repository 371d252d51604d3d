namespace HarvestTools.Tests.Shared;

/// <summary>Bytes as a file, for readers that take a path.</summary>
internal static class TemporaryFile
{
    public static void With(byte[] bytes, Action<string> read)
    {
        string file = Path.Combine(Path.GetTempPath(), $"harvest-test-{Guid.NewGuid():N}.parquet");
        try
        {
            File.WriteAllBytes(file, bytes);
            read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
