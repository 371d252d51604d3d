#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }
# How the module comes into sessions: found by itself, beside others, from odd and guarded places, again and again.
# Each test asks a session of its own, strict and stopping at anything, warnings too.

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $root = Get-ProjectRoot
    $synopsis = (Get-Help New-Slice).Synopsis
    $licence = "$root/LICENSE"
    $bytes = (Get-Item $licence).Length
    $cmdlets = (Import-PowerShellDataFile "$root/HarvestTools.psd1").CmdletsToExport

    # Installs the built module below a folder as a package manager does; returns the manifest's path.
    function Install-Copy {
        param([string] $Modules)
        $version = (Import-PowerShellDataFile "$root/HarvestTools.psd1").ModuleVersion
        $folder = New-Item -ItemType Directory -Path "$Modules/HarvestTools/$version"
        foreach ($item in 'HarvestTools.psd1', 'lib', 'en-US') {
            Copy-Item -LiteralPath "$root/$item" -Destination $folder.FullName -Recurse
        }
        "$($folder.FullName)/HarvestTools.psd1"
    }

    # Asks a new session that finds modules in the folder first; what it writes as errors or warnings fails the test.
    function Invoke-Session {
        param([scriptblock] $Script, [object[]] $ArgumentList = @(), [string] $Modules)
        $text = @"
            Set-StrictMode -Version Latest
            `$ErrorActionPreference = 'Stop'
            `$WarningPreference = 'Stop'
            & { $Script } @args
"@
        $before = $env:PSModulePath
        try {
            if ($Modules) { $env:PSModulePath = $Modules + [System.IO.Path]::PathSeparator + $before }
            $told = @(pwsh -NoProfile -NonInteractive -Command ([scriptblock]::Create($text)) -args $ArgumentList 2>&1)
        } finally {
            $env:PSModulePath = $before
        }
        $told | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Should -BeNullOrEmpty
        $told
    }
}

Describe 'On the module path' {
    BeforeAll {
        $modules = "$TestDrive/path"
        $null = Install-Copy $modules
    }

    It 'loads when one of its commands is called' {
        $told = Invoke-Session -Modules $modules -ArgumentList $licence {
            param($file)
            @(Get-Module HarvestTools).Count
            (Get-ExportHash $file).Bytes
            @(Get-Module HarvestTools).Count
        }
        $told | Should -Be 0, $bytes, 1
    }

    It 'says what it has before it is loaded' {
        $told = Invoke-Session -Modules $modules {
            $listed = Get-Module HarvestTools -ListAvailable
            ($listed.ExportedCmdlets.Keys | Sort-Object) -join ' '
            (Get-Command New-Sli* | ForEach-Object Name) -join ' '
            @(Get-Module HarvestTools).Count
            # PowerShell loads a module that is asked for by its full name.
            (Get-Command -Module HarvestTools | Sort-Object Name | ForEach-Object Name) -join ' '
        }
        $every = ($cmdlets | Sort-Object) -join ' '
        $told | Should -Be $every, 'New-Slice', 0, $every
    }

    It 'helps before it is loaded' {
        $told = Invoke-Session -Modules $modules {
            (Get-Help New-Slice).Synopsis
            (Get-Help about_Slices | Out-String) -match 'SHORT DESCRIPTION'
        }
        $told[0] | Should -Be $synopsis
        $told[0] | Should -Not -Match 'New-Slice'
        $told[1] | Should -BeTrue
    }

    It 'loads in other runspaces and jobs, and under a prefix' {
        $told = Invoke-Session -Modules $modules -ArgumentList $licence {
            param($file)
            1..4 | ForEach-Object -Parallel { (Get-ExportHash $using:file).Bytes }
            Start-ThreadJob { (Get-ExportHash $using:file).Bytes } | Receive-Job -Wait
            Start-Job { (Get-ExportHash $using:file).Bytes } | Receive-Job -Wait
            Import-Module HarvestTools -Prefix Lab
            (Get-LabExportHash $file).Bytes
        }
        $told | Should -Be @($bytes, $bytes, $bytes, $bytes, $bytes, $bytes, $bytes)
    }
}

Describe 'From <Name>' -ForEach @(
    @{ Name = 'a folder with spaces, quotes and other alphabets'; Folder = "my modules ä手 o'n" }
    @{ Name = 'a folder with brackets'; Folder = 'modules [old] [x]' }
    @{ Name = 'a folder with signs of the shell'; Folder = 'a $b, c &d {e} `f %g% !h #i' }
) {
    It 'loads by its manifest, helps and draws' {
        $manifest = Install-Copy "$TestDrive/$Folder"
        $told = Invoke-Session -ArgumentList $manifest, $licence {
            param($manifest, $file)
            Import-Module ([WildcardPattern]::Escape($manifest))
            (Get-ExportHash $file).Bytes
            (Get-ExportHash $file | Format-Table | Out-String) -match 'Sha256\s+Size\s+Path'
            (Get-Help New-Slice).Synopsis
        }
        $told | Should -Be $bytes, $true, $synopsis
    }

    It 'loads from the module path when one of its commands is called' {
        $modules = "$TestDrive/path $Folder"
        $null = Install-Copy $modules
        Invoke-Session -Modules $modules -ArgumentList $licence { param($file) (Get-ExportHash $file).Bytes } | Should -Be $bytes
    }
}

Describe 'A folder that cannot be written' {
    It 'is enough, and stays as it is' {
        $manifest = Install-Copy "$TestDrive/guarded"
        $folder = Split-Path $manifest
        Get-ChildItem $folder -Recurse -File | ForEach-Object { $_.IsReadOnly = $true }
        if (-not $IsWindows) { chmod -R 'a-w' $folder }
        try {
            $before = Get-FolderState $folder
            Invoke-Session -ArgumentList $manifest, "$TestDrive/work" {
                param($manifest, $work)
                Import-Module $manifest
                $null = Initialize-HarvestRepository $work
                @(Get-Slice -Repository $work).Count
                (Get-Help New-Slice -Full | Out-String).Length -gt 0
                Import-Module $manifest -Force
                @(Get-Slice -Repository $work).Count
            } | Should -Be 0, $true, 0
            Get-FolderState $folder | Should -BeExactly $before
        } finally {
            if (-not $IsWindows) { chmod -R 'u+w' $folder }
            Get-ChildItem $folder -Recurse -File | ForEach-Object { $_.IsReadOnly = $false }
        }
    }
}

Describe 'Beside other modules' {
    BeforeAll {
        # Three libraries that modules like to bring along, in versions that nobody else has.
        $null = New-Item -ItemType Directory "$TestDrive/others/Other"
        $libraries = 'System.CommandLine', 'YamlDotNet', 'Parquet'
        foreach ($library in $libraries) {
            $code = "[assembly: System.Reflection.AssemblyVersion(`"0.0.0.7`")] namespace $($library.Replace('.', '_')) { public static class Marker { public static string Text => typeof(Marker).Assembly.GetName().Version.ToString(); } }"
            Add-Type -TypeDefinition $code -OutputAssembly "$TestDrive/others/Other/$library.dll"
        }
        Set-Content "$TestDrive/others/Other/Other.psm1" 'function Get-Other { [System_CommandLine.Marker]::Text; [YamlDotNet.Marker]::Text; [Parquet.Marker]::Text }'
        New-ModuleManifest "$TestDrive/others/Other/Other.psd1" -RootModule Other.psm1 -FunctionsToExport Get-Other -RequiredAssemblies ($libraries | ForEach-Object { "$_.dll" })
        $paths = @{ Other = "$TestDrive/others/Other/Other.psd1"; HarvestTools = "$root/HarvestTools.psd1" }
    }

    # Rows that are compared come through Parquet.Net, and the other module's Parquet has the same name.
    It 'both work, <_> first' -ForEach 'HarvestTools', 'Other' {
        $second = $_ -eq 'Other' ? 'HarvestTools' : 'Other'
        $repository = New-TestRepository "$TestDrive/beside-$_"
        Push-Location $repository
        try {
            $null = New-Slice v1
            $null = New-TestExport exports/a2.json -Tasks 4 -Shift 2 | Add-Export -Project a
            $null = New-Slice v2
        } finally {
            Pop-Location
        }
        $output = Invoke-Session -ArgumentList $paths[$_], $paths[$second], $repository {
            param($first, $second, $repository)
            Import-Module $first
            Import-Module $second
            Get-Other
            @(Compare-Slice v1 v2 -Row -Repository $repository).Count
            Remove-Module HarvestTools, Other
            Import-Module $second -Force
            Import-Module $first -Force
            Get-Other
            @(Compare-Slice v1 v2 -Row -Repository $repository).Count
        }
        $output | Should -Be '0.0.0.7', '0.0.0.7', '0.0.0.7', 4, '0.0.0.7', '0.0.0.7', '0.0.0.7', 4
    }

    It 'brings no assembly into a session but its own and the platform''s' {
        $told = Invoke-Session -ArgumentList "$root/HarvestTools.psd1", $licence, "$TestDrive/alone" {
            param($manifest, $file, $work)
            Import-Module $manifest
            $null = Get-ExportHash $file -Labels -ErrorAction Ignore
            $null = Initialize-HarvestRepository $work
            $platform = @($PSHOME, (Split-Path ([object].Assembly.Location))) | ForEach-Object { $_.TrimEnd('/', '\') }
            [System.AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $where = $_.Location; $where -and -not ($platform | Where-Object { $where.StartsWith($_, [System.StringComparison]::Ordinal) }) } |
                ForEach-Object { Split-Path -Leaf $_.Location } | Where-Object { $_ -notlike 'Microsoft.PowerShell.*' } | Sort-Object
        }
        $told | Should -Be 'HarvestTools.Core.dll', 'HarvestTools.PowerShell.dll'
    }
}
