using DuckDB.NET.Data;

namespace HarvestTools.Tests.Shared;

/// <summary>A DuckDB in memory: it reads Parquet and JSON and shares no code with the engine.</summary>
internal sealed class DuckDb : IDisposable
{
    private readonly DuckDBConnection _connection = new("Data Source=:memory:;threads=2");

    public DuckDb() => _connection.Open();

    /// <summary>A text as SQL writes it.</summary>
    public static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    public void Run(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>All rows; null for NULL.</summary>
    public List<object?[]> Query(string sql) => Read(sql).Rows;

    /// <summary>The only value of the only row.</summary>
    public T Single<T>(string sql) => (T)Convert.ChangeType(Query(sql)[0][0]!, typeof(T), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>All rows, with the names of the columns.</summary>
    public (string[] Names, List<object?[]> Rows) Read(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        string[] names = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[names.Length];
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            }

            rows.Add(row);
        }

        return (names, rows);
    }

    public void Dispose() => _connection.Dispose();
}
