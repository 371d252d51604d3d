using System.Text.Json.Nodes;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>The columns of the tables that a program wrote, as MLflow describes a data set; of a type as far as the first row says it.</summary>
internal static class ProgramSchema
{
    /// <summary>The columns, each after its table's name; none where the tables are not in the cache: nothing is run for it.</summary>
    public static JsonObject Of(Repository repository, SliceManifest slice, WorkContext context)
    {
        var columns = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (ProgramTable table in (new ProgramSource(repository, context).TryRecorded(slice, SliceInputs.Definition(repository, slice)) ?? []).Where(static table => table.Rows is not null))
            {
                TableRow? first = TableReader.Read(table.File, table.Path, context.Cancellation).FirstOrDefault();
                foreach (string name in TableReader.Columns(table.File, table.Path, context.Cancellation))
                {
                    _ = columns.TryAdd($"{table.Table}.{name}", Type(first?[name]));
                }
            }
        }
        catch (HarvestException)
        {
            // What is registered is the model; a table that cannot be read is the check's matter.
        }

        return new JsonObject { ["mlflow_colspec"] = new JsonArray([.. columns.Select(static column => new JsonObject { ["type"] = column.Value, ["name"] = column.Key, ["required"] = false })]) };
    }

    private static string Type(object? value) => value switch
    {
        long => "long",
        double => "double",
        bool => "boolean",
        _ => "string",
    };
}
