#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $folder = "$TestDrive/paths"
    foreach ($name in 'plain.json', 'with space.json', 'brackets[1].json', 'brackets1.json', 'grüße 手.json', 'other.txt') {
        $null = New-TestExport "$folder/$name" -Shift $name.Length
    }
    function Get-Name { process { Split-Path -Leaf $_.Path } }
}

Describe 'Paths' {
    BeforeEach { Push-Location -LiteralPath $folder }
    AfterEach { Pop-Location }

    It 'are relative to the session''s location, not to the process''s' {
        [Environment]::CurrentDirectory | Should -Not -Be $folder
        (Get-ExportHash plain.json).Path | Should -Be (Join-Path (Get-Item $folder).FullName plain.json)
    }

    It 'take wildcards' {
        Get-ExportHash *.json | Get-Name | Should -Be 'brackets1.json', 'brackets[1].json', 'grüße 手.json', 'plain.json', 'with space.json'
    }

    It 'take several patterns at once' {
        Get-ExportHash plain.*, other.txt | Get-Name | Should -Be 'plain.json', 'other.txt'
    }

    It 'take spaces and unicode' {
        Get-ExportHash 'with space.json', 'grüße 手.json' | Get-Name | Should -Be 'with space.json', 'grüße 手.json'
    }

    It 'take brackets literally by -LiteralPath' {
        Get-ExportHash -LiteralPath 'brackets[1].json' | Get-Name | Should -Be 'brackets[1].json'
    }

    It 'take brackets as a pattern by -Path where no such file exists' {
        Get-ExportHash 'bracket[st]1.json' | Get-Name | Should -Be 'brackets1.json'
    }

    It 'of piped files are literal' {
        Get-ChildItem -LiteralPath 'brackets[1].json' | Get-ExportHash | Get-Name | Should -Be 'brackets[1].json'
    }

    It 'of piped objects with a Path are literal where that file exists' {
        Get-ExportHash -LiteralPath 'brackets[1].json' | Get-ExportHash | Get-Name | Should -Be 'brackets[1].json'
    }

    It 'come by property name' {
        [pscustomobject]@{ Path = 'plain.json' } | Get-ExportHash | Get-Name | Should -Be 'plain.json'
    }

    It 'come as text' {
        'plain.json', 'other.txt' | Get-ExportHash | Get-Name | Should -Be 'plain.json', 'other.txt'
    }

    It 'take a drive of the session' {
        $null = New-PSDrive -Name Exports -PSProvider FileSystem -Root $folder
        try {
            Get-ExportHash Exports:/plain.json | Get-Name | Should -Be 'plain.json'
            Set-Location Exports:/
            Get-ExportHash *.txt | Get-Name | Should -Be 'other.txt'
        } finally {
            Set-Location -LiteralPath $folder
            Remove-PSDrive Exports
        }
    }

    It 'take the home folder as ~' {
        $name = "harvest test $([guid]::NewGuid()).json"
        $null = New-TestExport (Join-Path $HOME $name)
        try {
            (Get-ExportHash "~/$name").Path | Should -Be (Join-Path $HOME $name)
        } finally {
            Remove-Item -LiteralPath (Join-Path $HOME $name)
        }
    }

    It 'work while the location is no folder' {
        Push-Location Env:/
        try {
            (Get-ExportHash -LiteralPath "$folder/plain.json").Bytes | Should -BeGreaterThan 0
            $made = Initialize-HarvestRepository -Path "$TestDrive/from env"
            "$($made.Repository)/harvest.json" | Should -Exist
        } finally {
            Pop-Location
        }
    }
}

Describe 'A path at fault is an error record, and the rest goes on' {
    BeforeEach { Push-Location -LiteralPath $folder }
    AfterEach { Pop-Location }

    It '<Id>' -ForEach @(
        @{ Id = 'PathNotFound'; Bad = 'missing.json'; Category = 'ObjectNotFound' }
        @{ Id = 'NoFileMatches'; Bad = 'missing*.json'; Category = 'ObjectNotFound' }
        @{ Id = 'PathNotFileSystem'; Bad = 'Env:/PATH'; Category = 'InvalidArgument' }
        @{ Id = 'PathUnresolved'; Bad = 'NoSuchDrive:/x.json'; Category = 'InvalidArgument' }
        @{ Id = 'PathIsFolder'; Bad = '.'; Category = 'InvalidArgument' }
    ) {
        $result = Invoke-Recorded { $Bad, 'plain.json' | Get-ExportHash }
        $result.Output | Get-Name | Should -Be 'plain.json'
        $result.Errors.Count | Should -Be 1
        $result.Errors[0].FullyQualifiedErrorId | Should -Be "$Id,HarvestTools.PowerShell.GetExportHashCommand"
        $result.Errors[0].CategoryInfo.Category | Should -Be $Category
        $result.Errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $result.Errors[0].TargetObject | Should -Not -BeNullOrEmpty
    }
}

Describe 'Folders of a repository' {
    BeforeEach {
        $folder = New-TestRepository "$TestDrive/$([guid]::NewGuid().ToString('N'))"
    }

    It 'are never the one of git, as <Setting>' -ForEach @(
        @{ Setting = 'slices'; Path = '.git' }
        @{ Setting = 'cache'; Path = '.Git/cache' }
        @{ Setting = 'archive'; Path = 'x/.git' }
        @{ Setting = 'eval_set'; Path = '.git/index' }
    ) {
        Set-Content "$folder/harvest.json" "{ `"$Setting`": `"$Path`" }"
        { Get-Slice -Repository $folder -ErrorAction Stop } | Should -Throw -ErrorId 'PathInGit,*' -ExpectedMessage "*""$Setting""*git's own folder*"
        Test-Path "$folder/.git" | Should -BeFalse
    }

    It 'lose what a killed process left once something is written there' {
        $left = "$folder/.harvest/archive/sha256/.tmp-2147483646-0123456789ab", "$folder/.harvest/cache/spill/.tmp-2147483646-0123456789ab"
        $left | ForEach-Object { $null = New-Item -Path $_ -Force -Value 'half' }

        # This session has just written there and looked.
        Start-Sleep -Milliseconds 2100
        $null = New-TestExport "$folder/exports/b2.json" -Tasks 9 -FirstTask 300 | Add-Export -Project b -Repository $folder
        $null = New-Slice v1 -Repository $folder
        $left | Where-Object { Test-Path -LiteralPath $_ } | Should -BeNullOrEmpty
    }

    It 'are made again where the cache was deleted' {
        $null = New-Slice v1 -Repository $folder
        Remove-Item "$folder/.harvest/cache" -Recurse -Force
        Get-RetrainState -Repository $folder | Should -Not -BeNullOrEmpty
        (Build-Slice v1 -Repository $folder).Path | ForEach-Object { Test-Path -LiteralPath $_ } | Should -Not -Contain $false
    }
}
